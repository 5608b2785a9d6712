import { Command } from 'commander';
import type { ReactionDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { counted } from './counted.js';
import { minuteOfJd } from './decision-sentence.js';
import { printLine, printText } from './json-lines.js';
import { reactionsFilter, shownReaction, withReactionOptions, type ReactionFlags } from './reactions.js';
import { table } from './table.js';
import { withStore } from './with-services.js';

const MOST_ROWS = 200;

interface ListFlags extends ReactionFlags {
  readonly json?: boolean;
}

const EXAMPLES = `
Those whose outcome is unknown wait for a person: the receiver may have acted, and nobody could ask it.

Examples:
  $ ampel reactions list --state unknown
  $ ampel reactions list --channel HU_RAPID --object ZTF18abxhyqv
  $ ampel reactions list --json   {"key":"HU_RAPID/new-candidate/360504273","state":"confirmed","objectId":"ZTF18…",…}`;

/** `ampel reactions list`: who was told what, the newest first. */
export function reactionsListCommand(): Command {
  return withReactionOptions(new Command('list').description('List reactions with what came of them, the newest first'))
    .option('--json', 'print one JSON object for each, all of them')
    .addHelpText('after', EXAMPLES)
    .action((flags: ListFlags) => withStore((store) => list(store, flags)));
}

async function list(store: Store, flags: ListFlags): Promise<void> {
  const filter = await reactionsFilter(store, flags);
  const found = store.reactions.find(filter).sort({ at: -1, _id: 1 });
  if (flags.json === true) {
    for await (const reaction of found) await printLine(shownReaction(reaction));
    return;
  }
  const reactions = await found.limit(MOST_ROWS).toArray();
  if (reactions.length === 0) {
    process.stderr.write('There are no such reactions.\n');
    return;
  }
  await printText(table(['key', 'object', 'due (UTC)', 'state', 'unit', 'answer'], reactions.map(rowOf)));
  const rest = (await store.reactions.countDocuments(filter)) - reactions.length;
  if (rest > 0) process.stderr.write(`and ${counted(rest, 'more reaction')}: --json prints all\n`);
}

function rowOf({ _id, objectId, objects = 0, dueJd, state, unit, answer }: ReactionDocument): string[] {
  return [_id, objectId ?? counted(objects, 'object'), minuteOfJd(dueJd), state, unit, answer?.status ?? ''];
}
