import { z } from 'zod';

/** What can be in the sky, in the order of the codes that seed each kind's streams: append only. */
export const KINDS = ['SN Ia', 'SN II', 'SN Ibc', 'TDE', 'AGN', 'variable star', 'asteroid', 'bogus'] as const;

/** What an object of a simulated survey really is. */
export type Kind = (typeof KINDS)[number];

const truthRow = z.strictObject({
  objectId: z.string(),
  class: z.enum(KINDS),
  /** J2000 (deg). */
  ra: z.number(),
  dec: z.number(),
  redshift: z.number().optional(),
  peakJd: z.number().optional(),
  /** Apparent magnitude at the peak, of the band that is brighter then. */
  peakMag: z.number().optional(),
});

/** One line of the truth table: an object that had at least one alert. */
export type Truth = z.output<typeof truthRow>;

/** A row as one line of JSON. */
export function truthLine(row: Truth): string {
  return `${JSON.stringify(row)}\n`;
}

/** The rows of a `truth.jsonl`. Throws `RangeError` with the line where one is no row. */
export function parseTruth(text: string): Truth[] {
  return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parseRow(line, i + 1)]));
}

function parseRow(line: string, number: number): Truth {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new RangeError(`line ${number} of the truth table is not JSON: ${line.slice(0, 80)}`);
  }
  const row = truthRow.safeParse(json);
  if (row.success) return row.data;
  throw new RangeError(`line ${number} of the truth table is no row: ${z.prettifyError(row.error)}`);
}
