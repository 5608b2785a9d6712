import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

/** The same value with the keys of every object in the opposite order. */
function reversedKeys(value: fc.JsonValue): fc.JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reversedKeys);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversedKeys(member ?? null)]),
  );
}

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code unit at every depth and writes no white space', () => {
    // Keys and their order: RFC 8785, section 3.2.3.
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const value = { outer: [Object.fromEntries(keys.map((key) => [key, 0]))] };

    expect(canonicalJson(value)).toBe(
      '{"outer":[{"\\r":0,"1":0,"\u0080":0,"\u00f6":0,"\u20ac":0,"\ud83d\ude00":0,"\ufb33":0}]}',
    );
  });

  it('gives a unit config one text, in whatever order its cuts are written', () => {
    expect(canonicalJson({ min_ndet: 4, min_rb: 0.3 })).toBe(canonicalJson({ min_rb: 0.3, min_ndet: 4 }));

    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversedKeys(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('loses nothing that JSON can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps the order of a list, which is part of its value', () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  it('leaves out a member without value, as JSON does', () => {
    expect(canonicalJson({ max_tspan: undefined, min_ndet: 4 })).toBe('{"min_ndet":4}');
  });

  it.each([NaN, Infinity, -Infinity])('refuses %p instead of writing null for a missing magnitude', (value) => {
    expect(() => canonicalJson({ magpsf: [value] })).toThrow(new TypeError(`${value} has no JSON form`));
  });
});
