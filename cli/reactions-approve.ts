import { userInfo } from 'node:os';
import { Command } from 'commander';
import { approveUpdate } from '../workflows/transient.js';
import { isOfObject } from '../store/documents.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { updateObjectOf } from './reaction-workflow.js';
import { requireReaction } from './reactions.js';
import { withServices, type Services } from './with-services.js';

interface Flags {
  readonly refuse?: boolean;
  readonly who: string;
  readonly why?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
A rule with "requires: approval" sends nothing before a person has said yes; "first approval" asks for its first message only.
Without an answer in time (approvalWithin, a day if it is not said) the reaction is called off.

Examples:
  $ ampel reactions list --state approval
  $ ampel reactions approve HU_RAPID/follow-up/360504273 --why "rising, and no host"
  $ ampel reactions approve HU_RAPID/follow-up/360504273 --refuse --why "an old AGN"
  $ ampel reactions approve HU_RAPID/follow-up/360504273 --why "go" --json   {"key":"HU_RAPID/…","granted":true,"by":…}`;

/** `ampel reactions approve KEY`: lets a reaction be sent that waits for that, or not. */
export function reactionsApproveCommand(): Command {
  return new Command('approve')
    .description('Say yes to a reaction that waits for approval, or no')
    .argument('<key>', 'a reaction, see "ampel reactions list --state approval"')
    .option('--refuse', 'it shall not be sent')
    .option('--who <name>', 'who says so, for the record', userInfo().username)
    .option('--why <text>', 'for the record')
    .option('--json', 'print the answer as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((key: string, flags: Flags) => withServices((services) => approve(services, key, flags)));
}

async function approve(services: Services, key: string, { refuse, who: by, why = '', json }: Flags): Promise<void> {
  const reaction = await requireReaction(services.store, key);
  const { state, approval } = reaction;
  if (state !== 'waits for approval') {
    const said =
      approval === undefined ? '' : `: ${approval.by} has said ${approval.granted ? 'yes' : 'no'}, ${approval.why}`;
    throw new CliError(`${key} does not wait for approval, it is ${state}${said}`, 2);
  }
  if (why.trim() === '') throw new CliError('--why is missing', 2, 'Whoever reads this in a year wants to know.');
  const granted = refuse !== true;
  const request = { granted, requestedBy: by, reason: why.trim() };
  if (!isOfObject(reaction)) throw new CliError(`${key} is of no single object`, 2);
  const isTaken = await updateObjectOf(services, reaction, approveUpdate, request);
  if (!isTaken) throw new CliError(`${key} is under way`, 1, `Look at it: ampel reactions show ${key}`);
  if (json === true) await printLine({ key, granted, by, why: why.trim() });
  else await printText(granted ? `${key} is sent` : `${key} is called off`);
}
