import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { ruleNamed, type PeriodicRule, type ReactionRule } from '../model/channel.js';
import { isOfObject, type ReactionDocument } from '../store/documents.js';
import { resolutionProblem, resolveReaction, type Resolution } from '../store/resolve-reaction.js';
import type { Store } from '../store/store.js';
import { reactAgainUpdate } from '../workflows/transient.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { updateObjectOf } from './reaction-workflow.js';
import { runOnceMore } from './run-workflow.js';
import { requireReaction, shownReaction } from './reactions.js';
import { withServices, type Services } from './with-services.js';

interface Flags {
  readonly as: string;
  readonly who: string;
  readonly why?: string;
  readonly json?: boolean;
}

const RESOLUTIONS: Readonly<Record<string, Resolution>> = { sent: 'sent', 'not-sent': 'not sent', again: 'again' };

const EXAMPLES = `
A worker can end, or a connection break, after a receiver has acted and before its answer is here. Where the receiver cannot
be asked, the outcome is unknown until a person has looked there.

Examples:
  $ ampel reactions resolve HU_RAPID/mail/360504273 --as sent --why "it is in the list's archive"
  $ ampel reactions resolve HU_RAPID/mail/360504273 --as again --why "the list has not got it"
  $ ampel reactions resolve HU_RAPID/mail/360504273 --as not-sent --why "too late to tell" --json   {"key":…,"state":"failed"}`;

/** `ampel reactions resolve KEY`: what a person has found out about a reaction. */
export function reactionsResolveCommand(): Command {
  return new Command('resolve')
    .description('Say what has become of a reaction whose outcome is unknown, or send again what has failed')
    .argument('<key>', 'a reaction, see "ampel reactions list --state unknown"')
    .addOption(
      new Option('--as <outcome>', 'sent: the receiver has acted; not-sent: it has not and shall not; again: send it')
        .choices(Object.keys(RESOLUTIONS))
        .makeOptionMandatory(),
    )
    .option('--who <name>', 'who says so, for the record', userInfo().username)
    .option('--why <text>', 'for the record: how that is known')
    .option('--json', 'print the reaction as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((key: string, flags: Flags) => withServices((services) => resolve(services, key, flags)));
}

async function resolve(services: Services, key: string, { as: given, who, why = '', json }: Flags): Promise<void> {
  const { store } = services;
  const reaction = await requireReaction(store, key);
  const as = RESOLUTIONS[given] ?? 'sent';
  const problem = resolutionProblem(reaction, as, Date.now());
  if (problem !== undefined) throw new CliError(`${key} is left as it is: ${problem}`, 2);
  if (why.trim() === '') throw new CliError('--why is missing', 2, 'Whoever reads this in a year wants to know.');
  const rule = await ruleOf(store, reaction);
  const isDone = await resolveReaction(store, reaction, rule, { as, by: who, why: why.trim() });
  if (!isDone) throw new CliError(`${key} has changed meanwhile`, 1, `Look at it: ampel reactions show ${key}`);
  if (as === 'again') await sendAgain(services, reaction, { requestedBy: who, reason: why.trim() });
  if (json === true) await printLine(shownReaction(await requireReaction(store, key)));
  else await printText(as === 'again' ? `${key} is sent again` : `${key} is taken for ${as}`);
}

async function sendAgain(
  services: Services,
  reaction: ReactionDocument,
  request: { readonly requestedBy: string; readonly reason: string },
): Promise<void> {
  if (isOfObject(reaction)) await updateObjectOf(services, reaction, reactAgainUpdate, request);
  else await runOnceMore(services, reaction);
}

async function ruleOf(
  store: Store,
  { channelHash, rule, channel }: ReactionDocument,
): Promise<ReactionRule | PeriodicRule> {
  const revision = await store.configs.findOne({ _id: channelHash });
  const found = revision === null ? undefined : ruleNamed(revision.channel, rule);
  if (found === undefined)
    throw new CliError(`The revision of ${channel} with the rule ${rule} is not in the store`, 1);
  return found;
}
