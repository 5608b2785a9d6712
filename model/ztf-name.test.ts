import fc from 'fast-check';
import { stockOfZtfName, ztfNameOfStock } from './ztf-name.js';

// Golden values: printed by AMPEL's own ZTFIdMapper (Ampel-ZTF).
const vectors: [string, number][] = [
  ['ZTF17aaaaaaa', 0],
  ['ZTF18aaaaaaa', 1],
  ['ZTF20aaaaaaa', 3],
  ['ZTF17aaaaaab', 16],
  ['ZTF18abxhyqv', 360504273],
  ['ZTF19abcdfef', 205624722],
  ['ZTF20abyfpze', 367159587],
  ['ZTF21abyonuw', 369667108],
  ['ZTF18acruwxq', 510373601],
  ['ZTF18abmjvpb', 280605745],
  ['ZTF25zzzzzzz', 128508962808],
  ['ZTF32zzzzzzz', 128508962815],
];
const LAST_STOCK = 128508962815;

describe('stock ids of ZTF objects', () => {
  it.each(vectors)('gives %s the stock id that AMPEL gives, %i, and back', (name, stock) => {
    expect(stockOfZtfName(name)).toBe(stock);
    expect(ztfNameOfStock(stock)).toBe(name);
  });

  it('gives every stock id a name of its own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST_STOCK }), (stock) => {
        expect(stockOfZtfName(ztfNameOfStock(stock))).toBe(stock);
      }),
    );
  });

  it('gives every name from 2017 to 2032 a stock id of its own', () => {
    const name = fc
      .tuple(fc.integer({ min: 17, max: 32 }), fc.stringMatching(/^[a-z]{7}$/))
      .map(([year, letters]) => `ZTF${year}${letters}`);

    fc.assert(
      fc.property(name, (objectId) => {
        expect(ztfNameOfStock(stockOfZtfName(objectId))).toBe(objectId);
      }),
    );
  });

  it.each([
    'ZTF16abcdefg',
    'ZTF33abcdefg',
    'ZTF18abxhyq',
    'ZTF18abxhyqvv',
    'ZTF18ABXHYQV',
    'ztf18abxhyqv',
    'AT2018cow',
    '',
  ])('refuses %j, which is no ZTF name of those years, and says so', (name) => {
    expect(() => stockOfZtfName(name)).toThrow(
      new RangeError(`"${name}" is not a ZTF name (expected e.g. ZTF18abxhyqv, years 2017 to 2032)`),
    );
  });

  it.each([-1, 0.5, NaN, LAST_STOCK + 1, 2 ** 53])('refuses %p, which is no stock id of a ZTF object', (stock) => {
    expect(() => ztfNameOfStock(stock)).toThrow(RangeError);
  });
});
