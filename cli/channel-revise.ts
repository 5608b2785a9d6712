import { WorkflowNotFoundError } from '@temporalio/client';
import { Command } from 'commander';
import type { Json } from '../model/canonical-json.js';
import type { ChannelRevision } from '../model/channel.js';
import { workflowId } from '../model/workflow-names.js';
import { writeFiles } from '../store/files.js';
import { loadRegistry } from '../units/registry.js';
import type { ChannelDocument } from '../store/config-documents.js';
import { changesBetween, changeText, type Change } from './channel-changes.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { noWorker } from './no-worker.js';
import { poll } from './poll.js';
import { requireChannel } from './require-channel.js';
import { timeoutOption } from './timeout-option.js';
import { withServices, type Services } from './with-services.js';

interface Flags {
  readonly timeout: number;
  readonly json?: boolean;
}

const EXAMPLES = `
The file is checked first, as by "ampel channel check". Streams that run take the revision up within seconds; what was decided
before keeps the revision that decided it. A channel that is paused takes it up when it is resumed. What it would gain
and lose tells "ampel channel try NEW --against OLD --from NIGHTS"; what units of a new version or config give for earlier
states computes "ampel unit recompute".

Examples:
  $ ampel channel revise channels/HU_RAPID.yaml
  $ ampel channel revise channels/HU_RAPID.yaml --json   {"name":"HU_RAPID","hash":"…","state":"active","revised":true,…}`;

/** `ampel channel revise FILE`: gives a running channel another revision. */
export function channelReviseCommand(): Command {
  return new Command('revise')
    .description('Give a channel that runs another revision: other cuts, units or rules from now on')
    .argument('<file>', 'the channel, a YAML file')
    .addOption(timeoutOption())
    .option('--json', 'print {name, version, hash, state, revised, changes}; revised is false where nothing changed')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { timeout, json = false }: Flags) => {
      const { revision, files } = await requireChannel(file, await loadRegistry());
      const told = await withServices((services) => revise(services, revision, files, timeout * 1000));
      const { name, version } = revision.channel;
      if (json) await printLine({ name, version, hash: revision.hash, ...told });
      else await printText(toldText(revision, told));
    });
}

interface Told {
  readonly state: ChannelDocument['state'];
  readonly revised: boolean;
  readonly changes: readonly Change[];
}

async function revise(
  services: Services,
  revision: ChannelRevision,
  files: ReadonlyMap<string, Uint8Array>,
  timeoutMs: number,
): Promise<Told> {
  const { store } = services;
  const { channel, hash } = revision;
  const running = await store.channels.findOne({ _id: channel.name });
  if (running === null || running.state === 'stopped') throw notRunning(channel.name);
  if (running.hash === hash) return { state: running.state, revised: false, changes: [] };
  const before = await store.configs.findOne({ _id: running.hash });
  const changes = changesBetween(asJson(before?.channel), asJson(channel));
  // The workflow's answer says that streams may take it up: what the filters read has to be there by then.
  await writeFiles(store, files);
  await askWorkflow(services, revision, timeoutMs);
  if (running.state === 'paused') return { state: 'paused', revised: true, changes };
  const active = await poll(
    async () => (await store.channels.findOne({ _id: channel.name, hash })) ?? undefined,
    timeoutMs,
  );
  if (active === undefined) throw noWorker(`channel ${channel.name} has the revision, but does not go by it yet`);
  return { state: active.state, revised: true, changes };
}

async function askWorkflow({ client }: Services, revision: ChannelRevision, timeoutMs: number): Promise<void> {
  const { name } = revision.channel;
  const handle = client.workflow.getHandle(workflowId.channel(name));
  try {
    await client.withDeadline(Date.now() + timeoutMs, () =>
      handle.executeUpdate<string, [ChannelRevision]>('revise', { args: [revision] }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notRunning(name);
    throw noWorker(`channel ${name} waits`);
  }
}

function notRunning(name: string): CliError {
  return new CliError(`${name} does not run`, 2, 'Start it: ampel channel start FILE');
}

/** As it is compared: without what is undefined. */
function asJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

function toldText({ channel: { name, version }, hash }: ChannelRevision, { state, revised, changes }: Told): string {
  const revision = `revision ${hash.slice(0, 12)}`;
  if (!revised) return `${name} has this revision already: ${version}, ${revision}`;
  const head =
    state === 'paused'
      ? `${name} ${version} counts from when it is resumed, ${revision}`
      : `${name} ${version} is ${state}, ${revision}`;
  return [head, ...changes.map((change) => `  ${changeText(change)}`)].join('\n');
}
