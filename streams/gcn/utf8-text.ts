import { Unreadable } from '../avro/unreadable.js';

const MARKS: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xff, 0xfe], 'UTF-16 (little endian)'],
  [[0xfe, 0xff], 'UTF-16 (big endian)'],
];

/** The text of a message in UTF-8, without a byte order mark. Throws `Unreadable`: another encoding, a NUL. */
export function utf8Text(bytes: Buffer): string {
  for (const [mark, encoding] of MARKS) {
    if (mark.every((byte, at) => bytes[at] === byte)) {
      throw new Unreadable('corrupt', `the text is in ${encoding}, expected UTF-8`);
    }
  }
  const text = decoded(bytes);
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new Unreadable('corrupt', `character ${nul} is a NUL, expected text`);
  return text;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('corrupt', `the text is not UTF-8 (${bytes.length} bytes)`);
  }
}
