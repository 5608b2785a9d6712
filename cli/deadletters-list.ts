import { Command } from 'commander';
import type { Store } from '../store/store.js';
import { counted } from './counted.js';
import { lettersOf, shownLetter, withLetterOptions, type LetterFlags } from './dead-letters.js';
import { printLine, printText } from './json-lines.js';
import { shortPlace } from './short-place.js';
import { table } from './table.js';
import { minuteText } from './utc-text.js';
import { withStore } from './with-services.js';

const MOST_ROWS = 200;

const EXAMPLES = `
What a stream could not read is kept with its bytes; the stream goes on. The newest come first.

Examples:
  $ ampel deadletters list
  $ ampel deadletters list --stream july --kind truncated
  $ ampel deadletters list --json   {"id":"july:archive:12","stream":"july","place":"a.tar/3.avro","kind":"truncated",…}`;

/** `ampel deadletters list`: what could not be read. */
export function deadLettersListCommand(): Command {
  return withLetterOptions(new Command('list').description('List what could not be read, and why'))
    .option('--json', 'print one JSON object for each, all of them')
    .addHelpText('after', EXAMPLES)
    .action((flags: LetterFlags & { readonly json?: boolean }) => withStore((store) => list(store, flags)));
}

async function list(store: Store, flags: LetterFlags & { readonly json?: boolean }): Promise<void> {
  const filter = lettersOf(flags);
  const found = store.deadletters.find(filter, { projection: { bytes: 0 } }).sort({ at: -1, _id: 1 });
  if (flags.json === true) {
    for await (const letter of found) await printLine(shownLetter(letter));
    return;
  }
  const letters = await found.limit(MOST_ROWS).toArray();
  if (letters.length === 0) {
    process.stderr.write('There are no dead letters: everything could be read.\n');
    return;
  }
  const rows = letters.map(({ _id, kind, place, message, at }) => [
    _id,
    minuteText(at),
    kind,
    shortPlace(place),
    message,
  ]);
  await printText(table(['id', 'at (UTC)', 'kind', 'place', 'what is wrong'], rows));
  const rest = (await store.deadletters.countDocuments(filter)) - letters.length;
  if (rest > 0) process.stderr.write(`and ${counted(rest, 'more letter')}: --json prints all\n`);
}
