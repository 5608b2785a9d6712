import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { DeadLetterDocument } from '../store/documents.js';
import { requireLetter, shownLetter } from './dead-letters.js';
import { printLine, printText } from './json-lines.js';
import { minuteText } from './utc-text.js';
import { withStore } from './with-services.js';

const SHOWN_BYTES = 256;
const LINE_BYTES = 16;

const EXAMPLES = `
Examples:
  $ ampel deadletters show july:archive:12
  $ ampel deadletters show july:archive:12 --save 12.avro    then "ampel inspect 12.avro"`;

interface ShowFlags {
  readonly save?: string;
  readonly json?: boolean;
}

/** `ampel deadletters show ID`: one of them, with its first bytes. */
export function deadLettersShowCommand(): Command {
  return new Command('show')
    .description('Show what could not be read: where it stood, what is wrong, its first bytes')
    .argument('<id>', 'a dead letter, see "ampel deadletters list"')
    .option('--save <file>', 'write its bytes to a file')
    .option('--json', 'print one JSON object, with the bytes in base64')
    .addHelpText('after', EXAMPLES)
    .action((id: string, { save, json = false }: ShowFlags) =>
      withStore(async (store) => {
        const letter = await requireLetter(store, id);
        const bytes = Buffer.from(letter.bytes.value());
        if (save !== undefined) await writeFile(save, bytes);
        if (json) await printLine({ ...shownLetter(letter), bytes: bytes.toString('base64') });
        else await printText(letterText(letter, bytes));
      }),
    );
}

function letterText(letter: DeadLetterDocument, bytes: Buffer): string {
  const { _id, stream, partition, offset, place, kind, message, at, retries = 0, resolvedAt } = letter;
  const facts: readonly (readonly [string, string])[] = [
    ['stream', `${stream}, ${partition} at ${offset}`],
    ['place', place],
    ['problem', `${kind}: ${message}`],
    ['met', `${minuteText(at)} UTC`],
    ['tried again', resolvedAt === undefined ? String(retries) : `${retries}, read at ${minuteText(resolvedAt)} UTC`],
    ['bytes', `${bytes.length}, which begin with`],
  ];
  const lines = facts.map(([title, value]) => `  ${title.padEnd(11)}  ${value}`);
  return [_id, ...lines, ...hexLines(bytes.subarray(0, SHOWN_BYTES))].join('\n');
}

/** As `hexdump -C` shows them. */
function hexLines(bytes: Buffer): string[] {
  return Array.from({ length: Math.ceil(bytes.length / LINE_BYTES) }, (_, i) => {
    const line = bytes.subarray(i * LINE_BYTES, (i + 1) * LINE_BYTES);
    const hex = [...line].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line.toString('latin1').replace(/[^ -~]/g, '.');
    return `    ${(i * LINE_BYTES).toString(16).padStart(6, '0')}  ${hex.padEnd(LINE_BYTES * 3 - 1)}  ${text}`;
  });
}
