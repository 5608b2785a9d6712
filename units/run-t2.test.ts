import { z } from 'zod';
import { checkedResult } from './run-t2.js';

const anything = { name: 'T2Any', result: z.any() };

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { in: nested(levels - 1) };
}

describe('a result', () => {
  it.each([
    [{ flux: [1, Number.NaN] }, 'found NaN at flux.1, expected a number'],
    [{ flux: Number.POSITIVE_INFINITY }, 'found Infinity at flux, expected a number'],
    [{ 'a\0b': 1 }, 'found a key with a NUL'],
    [{ in: { _bsontype: 'Long' } }, 'found a key _bsontype'],
    [{ in: { $ref: 'a', $id: 1 } }, 'found $ref beside $id at in'],
    [{ at: new Date(0) }, 'found a Date at at, expected JSON'],
    [{ id: 1n }, 'found a bigint at id, expected JSON'],
    [[undefined], 'found a undefined at 0, expected JSON'],
    [new Map(), 'found a Map, expected JSON'],
    [nested(300), 'found more than 50 levels at in.'],
    [{ text: 'é'.repeat(999_000) }, 'T2Any gave 1998011 bytes, expected 1000000 at most'],
  ])('that the data base would refuse or change is told with its place: %#', (given, message) => {
    expect(() => checkedResult(anything, given)).toThrow(message);
  });

  it('of plain data is stored as it is', () => {
    const result = { chi2: 1.5, bands: ['g', null], 'a.b': { $c: true }, deep: nested(40) };
    expect(checkedResult(anything, { ...result, left: undefined })).toEqual(result);
  });
});
