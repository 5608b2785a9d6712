import { seen } from '../message/seen.js';

/** Begin a mention, a link or an entity in a text of Slack. */
const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** A text of others as Slack shows it letter by letter, without its markup; `max` letters as they are sent. Never empty. */
export function literal(text: string, max: number): string {
  const pieces: string[] = [];
  let length = 0;
  for (const letter of seen(text) || '(empty)') {
    const piece = ENTITIES.get(letter) ?? letter;
    pieces.push(piece);
    length += piece.length;
    if (length > max) return cut(pieces, length, max);
  }
  return pieces.join('');
}

function cut(pieces: string[], length: number, max: number): string {
  let rest = length;
  while (rest >= max) rest -= pieces.pop()?.length ?? rest;
  return `${pieces.join('')}…`;
}
