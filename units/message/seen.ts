/** Control letters, half surrogates and what turns the direction of writing: part of no name, of use to deceive. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A text of others without what nobody sees. */
export function seen(text: string): string {
  return text.replace(UNSEEN, ' ').trim();
}
