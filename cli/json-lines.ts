import { once } from 'node:events';

/** Where lines of output go: standard output, or whatever a test puts there. */
export type LineOutput = NodeJS.WritableStream;

/** Writes one JSON object as one line, and waits where the reader is slower than we are. */
export async function printLine(value: object, output: LineOutput = process.stdout): Promise<void> {
  await printText(JSON.stringify(value), output);
}

/** The same for a line of text. */
export async function printText(line: string, output: LineOutput = process.stdout): Promise<void> {
  if (!output.write(`${line}\n`)) await once(output, 'drain');
}
