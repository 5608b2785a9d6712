import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { jdOfUnixMs, nightOfJd } from '../model/julian-date.js';
import type { RecomputeProgress, RecomputeRequest } from '../model/recompute.js';
import { loadRegistry } from '../units/registry.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { findUnit } from './find-unit.js';
import { printLine, printText } from './json-lines.js';
import { countOutdated, countText } from './recompute-count.js';
import { recomputeEnd, startRecompute } from './recompute-run.js';
import { requireKnownChannel } from './require-known-channel.js';
import { withServices, type Services } from './with-services.js';
import { workflowUrl } from './workflow-url.js';

interface Flags {
  readonly channel?: string;
  readonly from?: number;
  readonly to?: number;
  readonly failed?: boolean;
  readonly rate: number;
  readonly dryRun?: boolean;
  readonly who: string;
  readonly why?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const DEFAULT_RATE = 10;
const MAX_RATE = 200;

const EXAMPLES = `
A unit of another version, or another config of a channel's revision, gives another result: those of before stay, those of
now are only there for what came since. This computes them for what came before, in the order in which units need each
other, at a rate and a priority that leave live work alone. Nothing reacts to what is computed so. It goes on where it was
when a worker ends; asked for again, it finds what is left. What the workers and this program have of a unit must be the
same build.

Examples:
  $ ampel unit recompute --dry-run                                what there would be to do
  $ ampel unit recompute T2BazinFit --why "2.0.0 mends the errors"
  $ ampel unit recompute T2BazinFit --why "2.0.0 mends the errors" --wait --json   {"workflowId":"recompute/…","results":812,…}
  $ ampel unit recompute --channel HU_RAPID --from 2021-07-01 --to 2021-08-01 --rate 50/s --why "revision 1.3.0"
  $ ampel unit recompute T2CatalogMatch --failed --why "the catalogue is back"`;

/** `ampel unit recompute [NAME]`: results that the channels' revisions and the units of now would give, and that are not there. */
export function unitRecomputeCommand(): Command {
  return new Command('recompute')
    .description('Compute what the units and configs of now give for the states of before')
    .argument('[name]', 'only results of this T2 unit, with what it needs')
    .option('--channel <name>', 'only for this channel; default: all that are not stopped')
    .option('--from <YYYY-MM-DD>', 'only for states of this night (UT) and later ones', night)
    .option('--to <YYYY-MM-DD>', 'only for states of the nights before this one', night)
    .option('--failed', 'also what failed for good')
    .option('--rate <number/s>', 'most computations begun a second, over all workers', rate, DEFAULT_RATE)
    .option('--dry, --dry-run', 'only count them')
    .option('--who <name>', 'who wants it, for the record', userInfo().username)
    .option('--why <text>', 'for the record: needed where something is to be computed')
    .option('--wait', 'show how far it is until it has ended; Ctrl-C leaves it running')
    .option(
      '--json',
      'print {workflowId, results, looked, computed, failed}, with --dry-run {unit, version, results} each',
    )
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, flags: Flags) => withServices((services) => recompute(services, name, flags)));
}

async function recompute(services: Services, unit: string | undefined, flags: Flags): Promise<void> {
  const { dryRun = false, json = false } = flags;
  const registry = await loadRegistry();
  if (unit !== undefined && findUnit(registry, unit).tier !== 't2') throw new CliError(`${unit} is no T2 unit`, 2);
  await requireRunning(services, flags.channel);
  const request = requestOf(unit, flags);
  if (!dryRun && request.reason === '')
    throw new CliError('--why is missing', 2, 'Whoever looks at these results in a year wants to know.');
  const counts = await countOutdated(services.store, registry, request);
  if (dryRun && json) for (const count of counts) await printLine(count);
  if (!json && (dryRun || counts.length === 0)) await printText(countText(counts));
  if (dryRun) return;
  const results = counts.reduce((sum, one) => sum + one.results, 0);
  if (results > 0) await run(services, request, results, flags);
  else if (json) await printLine({ results: 0, looked: 0, computed: 0, failed: 0 });
}

async function requireRunning({ store }: Services, name: string | undefined): Promise<void> {
  await requireKnownChannel(store, name);
  if (name === undefined || (await store.channels.findOne({ _id: name, state: { $ne: 'stopped' } })) !== null) return;
  throw new CliError(`${name} does not run: no revision says what to compute`, 2, 'Start it: ampel channel start FILE');
}

function requestOf(unit: string | undefined, flags: Flags): RecomputeRequest {
  const { channel, from, to, failed = false, rate: perSecond, who, why = '' } = flags;
  if (from !== undefined && to !== undefined && from >= to)
    throw new CliError('--to is not after --from', 2, '--to names the first night that is left out.');
  return {
    ...(channel !== undefined && { channel }),
    ...(unit !== undefined && { unit }),
    ...(from !== undefined && { fromJd: from }),
    ...(to !== undefined && { toJd: to }),
    ...{ failed, perSecond, requestedBy: who, reason: why.trim(), requestedAtMs: Date.now() },
  };
}

async function run(
  services: Services,
  request: RecomputeRequest,
  results: number,
  { wait = false, json = false }: Flags,
): Promise<void> {
  const handle = await startRecompute(services, request);
  const { workflowId } = handle;
  if (!wait) {
    if (json) await printLine({ workflowId, results });
    else await printText(begunText(services, workflowId, results, request.perSecond));
    return;
  }
  process.stderr.write(`${workflowId} has begun; it goes on without this command\n`);
  const progress = await recomputeEnd(handle, results);
  if (json) await printLine({ workflowId, results, ...progress });
  else await printText(endText(progress));
  if (progress.failed > 0) {
    throw new CliError(`${counted(progress.failed, 'unit run')} failed`, 1, '"ampel transient show" has the reasons.');
  }
}

function begunText({ addresses }: Services, workflowId: string, results: number, perSecond: number): string {
  const seconds = counted(Math.ceil(results / perSecond), 'second');
  const url = workflowUrl(addresses, workflowId);
  const head = `${workflowId} computes ${counted(results, 'result')}, which takes ${seconds} or more`;
  return [head, ...(url === undefined ? [] : [url])].join('\n');
}

function endText({ looked, computed, failed }: RecomputeProgress): string {
  return `${counted(looked, 'state')} looked at: ${counted(computed, 'result')} computed, ${failed} failed`;
}

function night(text: string): number {
  const startMs = Date.parse(`${text}T00:00:00Z`);
  const jd = jdOfUnixMs(startMs);
  if (Number.isNaN(startMs) || nightOfJd(jd) !== text)
    throw new InvalidArgumentError('Expected a date such as 2021-07-01.');
  return jd;
}

/** `10` or `10/s` */
function rate(text: string): number {
  const [, digits] = /^(\d+)(?:\/s)?$/.exec(text) ?? [];
  const value = Number(digits);
  if (value >= 1 && value <= MAX_RATE) return value;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_RATE}, such as ${DEFAULT_RATE}/s.`);
}
