import { varint } from '../../test/avro-container.js';
import { problemOf } from '../../test/problem-of.js';
import { parseWriterSchema, type RecordDecoder } from './writer-schema.js';

const MEGABYTE = 1e6;

function listOf(items: unknown): RecordDecoder {
  const fields = [{ name: 'prv_candidates', type: { type: 'array', items } }];
  return parseWriterSchema(JSON.stringify({ type: 'record', name: 'alert', fields })).decoder({ prv_candidates: true });
}

const fields = Array.from({ length: 40 }, (_, i) => ({ name: `f${i}`, type: ['null', 'double'] }));
const point = { type: 'record', name: 'point', fields };

/** Time and memory of a decoding that is refused. */
function costOf(decode: () => unknown): { ms: number; bytes: number } {
  const before = process.memoryUsage();
  const startMs = performance.now();
  decode();
  const after = process.memoryUsage();
  return { ms: performance.now() - startMs, bytes: after.heapUsed - before.heapUsed };
}

describe('the lists of a damaged record', () => {
  it('that claim as many points as a file of 30 MB has bytes do not fill the memory', () => {
    const record = Buffer.concat([varint(30 * MEGABYTE - 8), Buffer.alloc(30 * MEGABYTE, 2)]);
    const decode = listOf(point);
    const { ms, bytes } = costOf(() => {
      expect(problemOf(() => decode(record, 0))).toEqual({
        kind: 'corrupt',
        message: 'the record cannot be decoded: its lists have more items than those of any alert',
      });
    });
    expect(ms).toBeLessThan(1_000);
    expect(bytes).toBeLessThan(50 * MEGABYTE);
  });

  it('that end before the points that they claim are not read beyond the end', () => {
    const record = Buffer.concat([varint(90_000), Buffer.alloc(100_000, 2)]);
    const { ms, bytes } = costOf(() => {
      expect(listOf(point)(record, 0).offset).toBe(-1);
    });
    expect(ms).toBeLessThan(500);
    expect(bytes).toBeLessThan(50 * MEGABYTE);
  });

  it.each([
    ['nulls', 'null'],
    ['empty records', { type: 'record', name: 'nothing', fields: [] }],
    ['lists', { type: 'array', items: 'null' }],
  ])('of %s, which take no bytes, do not claim millions again and again', (_, items) => {
    const record = Buffer.concat([...Array.from({ length: 100_000 }, () => varint(30_000)), varint(0)]);
    const { ms, bytes } = costOf(() => {
      expect(problemOf(() => listOf(items)(record, 0))).toMatchObject({ kind: 'corrupt' });
    });
    expect(ms).toBeLessThan(3_000);
    expect(bytes).toBeLessThan(400 * MEGABYTE);
  });

  it('are whole where they are long and true: ten thousand points of a year', () => {
    const record = Buffer.concat([varint(10_000), Buffer.alloc(10_000 * fields.length, 0), varint(0)]);
    const { value, offset } = listOf(point)(record, 0);
    expect(offset).toBe(record.length);
    expect(value).toHaveProperty('prv_candidates.length', 10_000);
  });
});
