import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { Unreadable } from '../avro/unreadable.js';
import { readNotice } from './read-notice.js';

const FOLDER = join(sharedData, 'gcn');
/** What breaks formats: of XML, of JSON, of numbers and of text. */
const TOKENS = [
  '<',
  '>',
  '</',
  '<!--',
  ']]>',
  '&',
  '&#x41;',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u0000',
  '-',
  '1e999',
  'NaN',
  '\0',
];
const TEXTS = [
  ...TOKENS,
  'null',
  'true',
  '{}',
  '[]',
  '"x"',
  '__proto__',
  '<!DOCTYPE a>',
  '\ufeff',
  '\u{1f600}',
  '9'.repeat(400),
  ' '.repeat(300),
];

type Mutation = (bytes: Buffer) => Buffer;

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([place, bits]) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    const index = Math.floor(place * bytes.length);
    changed[index] = (changed[index] ?? 0) ^ bits;
    return changed;
  }),
  at.map((place) => (bytes: Buffer) => bytes.subarray(0, Math.floor(place * bytes.length))),
  fc.tuple(at, fc.constantFrom(...TEXTS)).map(([place, text]) => (bytes: Buffer) => {
    const index = Math.floor(place * bytes.length);
    return Buffer.concat([bytes.subarray(0, index), Buffer.from(text), bytes.subarray(index)]);
  }),
  fc.tuple(at, at).map(([from, share]) => (bytes: Buffer) => {
    const start = Math.floor(from * bytes.length);
    const end = start + Math.floor(share * 200);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  }),
  // A value for another: numbers become words, words numbers.
  fc.tuple(at, fc.constantFrom('-1', '1e300', '"x"', 'null', '[]', '')).map(([place, value]) => (bytes: Buffer) => {
    const text = bytes.toString('latin1');
    const values = [...text.slice(0, 20_000).matchAll(/-?\d+(\.\d+)?|"[^"]{0,80}"/g)];
    const found = values[Math.floor(place * values.length)];
    if (found === undefined) return bytes;
    return Buffer.from(text.slice(0, found.index) + value + text.slice(found.index + found[0].length), 'latin1');
  }),
);

/** How a reading ended; whatever is not `Unreadable` is thrown on. */
function outcome(bytes: Buffer): 'read' | 'refused' {
  try {
    const { notice } = readNotice(bytes);
    expect(notice.noticeId).not.toBe('');
    expect(notice.issuedAt ?? notice.eventTime).toBeDefined();
    expect(JSON.stringify(notice).length).toBeLessThan(1_000_000);
    return 'read';
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    expect(error.message.length).toBeLessThan(500);
    return 'refused';
  }
}

/** Counts outcomes of mutated files, and the longest time that one took. */
function mutate(files: readonly Buffer[], numRuns: number): { read: number; refused: number; slowestMs: number } {
  const counts = { read: 0, refused: 0, slowestMs: 0 };
  const mutated = fc.tuple(fc.constantFrom(...files), fc.array(mutation, { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(mutated, ([file, mutations]) => {
      const bytes = mutations.reduce((changed, apply) => apply(changed), file);
      const startMs = performance.now();
      counts[outcome(bytes)]++;
      counts.slowestMs = Math.max(counts.slowestMs, performance.now() - startMs);
    }),
    { numRuns, seed: 240_824 },
  );
  return counts;
}

describeWithData('notices with flipped, missing and strange bytes', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(json|xml|json\.gz)$/.test(file))
    .map((file) => {
      const bytes = readFileSync(join(FOLDER, file));
      return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    });
  const isLarge = (bytes: Buffer): boolean => bytes.length > 100_000;

  it('are read or refused, thousands of them, none in more than 5 s', () => {
    const { read, refused, slowestMs } = mutate(
      files.filter((bytes) => !isLarge(bytes)),
      4000,
    );
    expect(read + refused).toBe(4000);
    expect(Math.min(read, refused)).toBeGreaterThan(200);
    expect(slowestMs).toBeLessThan(5000);
  });

  it('with a sky map of a megabyte inside are read or refused too', () => {
    const { read, refused, slowestMs } = mutate(files.filter(isLarge), 60);
    expect(read + refused).toBe(60);
    expect(slowestMs).toBeLessThan(5000);
  });
});
