import type { Json } from '../../model/canonical-json.js';
import { unixMsOfJd } from '../../model/julian-date.js';
import { resultText } from '../message/result-text.js';
import { outside, ownWords, STYLES, wrapped, type Style } from './plain-text.js';

/** What the authors of a channel choose. */
export interface Wishes {
  readonly style: keyof typeof STYLES;
  /** Names and places, as they stand below the title. */
  readonly authors: string;
  /** In whose name: a part of the subject. */
  readonly group: string;
  /** Paths of results: unit, then keys. */
  readonly fields: readonly string[];
  /** Paragraphs with an empty line between them. */
  readonly comment?: string | undefined;
}

/** What is written of one object or of several. */
export interface Findings {
  /** `ZTF18abxhyqv, an optical transient candidate`: the subject without who found it. */
  readonly what: string;
  /** Paragraphs as lines. */
  readonly paragraphs: readonly (readonly string[])[];
  readonly channel: string;
  readonly rule: string;
  readonly dueJd: number;
}

export const NAME_LETTERS = 60;
const VALUE_LETTERS = 200;
const INDENT = '  ';

/** A circular for a person to send: `{format: 'text/plain', subject, text}`, lines separated by `\n`. */
export function circular({ what, paragraphs, channel, rule, dueJd }: Findings, wishes: Wishes): Json {
  const style = STYLES[wishes.style];
  const group = ownWords(wishes.group, style);
  // Without a colon: GCN takes a name that ends in "re:" for a reply.
  const subject = `${what} found by ${group}`;
  const place = `channel ${outside(channel, style, NAME_LETTERS)}, rule ${outside(rule, style, NAME_LETTERS)}`;
  const found = `Found by the AMPEL ${place}, at ${utcMinute(dueJd)}.`;
  const text = [...head(subject, group, wishes), ...paragraphs, ...comments(wishes), wrapped(found, style)];
  return { format: 'text/plain', subject, text: text.map((lines) => lines.join('\n')).join('\n\n') };
}

function head(subject: string, group: string, { style: name, authors }: Wishes): string[][] {
  const style = STYLES[name];
  const by = ownWords(authors, style);
  if (name === 'atel') return [[`Title: ${subject}`, `Authors: ${by}`]];
  return [wrapped(`SUBJECT: ${subject}`, style, INDENT), wrapped(`${by} report on behalf of ${group}:`, style)];
}

function comments({ style, comment = '' }: Wishes): string[][] {
  return comment
    .split(/\n\s*\n/)
    .map((paragraph) => wrapped(ownWords(paragraph, STYLES[style]), STYLES[style]))
    .filter((lines) => lines.length > 0);
}

/** `T2LightCurveSummary.num_detections: 2`, a line each. */
export function resultLines(
  results: Readonly<Record<string, Json>>,
  fields: readonly string[],
  style: Style,
): string[] {
  return fields.flatMap((path) => {
    const value = outside(resultText(results, path), style, VALUE_LETTERS);
    return wrapped(`${outside(path, style, VALUE_LETTERS)}: ${value}`, style, INDENT);
  });
}

/** Further from now than any survey: such a number is no time. */
const LAST_JD = 5_000_000;

export function isTime(jd: number): boolean {
  return jd > 0 && jd < LAST_JD;
}

/** `2018-11-07 07:12 UT` */
export function utcMinute(jd: number): string {
  if (!isTime(jd)) return 'no known time';
  return `${new Date(unixMsOfJd(jd)).toISOString().slice(0, 16).replace('T', ' ')} UT`;
}

/** `+31.616367`; `-` for what is no number or none that stands for a place on the sky or a magnitude. */
export function fixed(value: number | undefined, digits: number, plus = ''): string {
  if (value === undefined || !(Math.abs(value) < 1000)) return '-';
  // Rounded first: there is no -0.00.
  const rounded = Number(value.toFixed(digits));
  return `${rounded < 0 ? '-' : plus}${Math.abs(rounded).toFixed(digits)}`;
}

/** Right ascension and declination (deg), the former below 360 whatever it is rounded to. */
export function degrees({ ra, dec }: { readonly ra: number; readonly dec: number }, digits: number): [string, string] {
  const full = fixed(360, digits);
  const east = fixed(ra, digits);
  return [east === full ? fixed(0, digits) : east, fixed(dec, digits, '+')];
}
