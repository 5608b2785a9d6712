/** Begin a mention, a link or an entity in a text of Slack. */
const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Control letters, half surrogates and what turns the direction of writing: part of no name, of use to deceive. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A text of others without what nobody sees. */
export function seen(text: string): string {
  return text.replace(UNSEEN, ' ').trim();
}

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
