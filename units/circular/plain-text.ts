/** What a receiver of circulars takes. */
export interface Style {
  /** Letters in a line; of ATels any number: their form makes the lines. */
  readonly width: number;
  readonly isAscii: boolean;
}

export const STYLES = {
  gcn: { width: 72, isAscii: true },
  atel: { width: Infinity, isAscii: false },
} as const satisfies Record<string, Style>;

/** Control and format letters, half surrogates, separators of lines: what is seen of them is nothing, or another line. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}]+/gu;

/** A text of others as part of one line, `max` letters at most and never empty. In an ATel, which may hold HTML, it begins no tag. */
export function outside(text: string, style: Style, max: number): string {
  const letters = style.isAscii ? text : text.replaceAll('<', '‹').replaceAll('>', '›');
  const all = Array.from(ownWords(letters, style) || '(empty)');
  return all.length <= max ? all.join('') : `${all.slice(0, max - 3).join('')}...`;
}

/** A text of the channel's authors on one line. */
export function ownWords(text: string, { isAscii }: Style): string {
  const line = text.replace(UNSEEN, ' ').trim();
  return isAscii ? ascii(line).trim() : line;
}

/** Words in lines of the width; later ones begin with the indent. A word that is longer than a line is broken. */
export function wrapped(text: string, { width }: Style, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const start = lines.length === 0 ? '' : indent;
    const next = line === '' ? `${start}${word}` : `${line} ${word}`;
    if (next.length <= width) {
      line = next;
      continue;
    }
    if (line !== '') lines.push(line);
    line = lines.length === 0 ? word : `${indent}${word}`;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = `${indent}${line.slice(width)}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻';
const RAISED = '0123456789+-';

const GREEK =
  'α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi ο omicron ' +
  'π pi ρ rho σ sigma ς sigma τ tau υ upsilon φ phi χ chi ψ psi ω omega';

/** What is left of a letter without its accents may still be none of ASCII's. */
const LATIN = 'ß ss æ ae Æ AE œ oe Œ OE ø o ł l đ d ð d þ th ı i';

const SIGNS =
  `‐ - ‑ - ‒ - – - — - ― - − - ‘ ' ’ ' ‚ ' ′ ' “ " ” " „ " « " » " ⁄ / · . • * × x ± +/- ° deg → -> ` +
  '≤ <= ≥ >= ≈ ~ ∼ ~ ≲ <~ ≳ >~';

const LETTERS = new Map(pairs(`${GREEK} ${LATIN} ${SIGNS}`.split(' ')));

/** Letters without accents, signs spelled as circulars do (`+/-`, `10^-11`, `alpha`), `?` for any other. */
function ascii(text: string): string {
  return text
    .replace(
      new RegExp(`[${SUPERSCRIPTS}]+`, 'gu'),
      (run) => `^${Array.from(run, (letter) => RAISED[SUPERSCRIPTS.indexOf(letter)]).join('')}`,
    )
    .replaceAll('≠', '!=')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\x20-\x7e]/gu, (letter) => LETTERS.get(letter) ?? capital(letter) ?? '?')
    .replace(/ +/g, ' ');
}

/** `Delta` for what has a small letter that is spelled. */
function capital(letter: string): string | undefined {
  const small = LETTERS.get(letter.toLowerCase());
  return small === undefined ? undefined : `${small.slice(0, 1).toUpperCase()}${small.slice(1)}`;
}

function pairs(words: readonly string[]): [string, string][] {
  return words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '?'] as [string, string]] : []));
}
