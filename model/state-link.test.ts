import fc from 'fast-check';
import { sortIds, stateLink } from './state-link.js';

const id = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);

describe('stateLink', () => {
  // Golden values: printed by AMPEL's own T1 compiler (Ampel-core, hash_size -32, sorted ids).
  it.each([
    [['0'], -558656237],
    [['1', '2', '3'], 920685603],
    [['3', '2', '1'], 920685603],
    [['7', '6', '5'], -953031100],
    [['-6', '5', '7'], -1542946970],
  ])('gives datapoints %j the link that AMPEL gives', (ids, link) => {
    expect(stateLink(ids)).toBe(link);
  });

  it('keeps all 64 bits of a ZTF candid', () => {
    expect(stateLink(['1391345455815015019'])).toBe(-167299947);
  });

  it('takes an upper limit, whose id is negative, together with a detection', () => {
    expect(stateLink(['673285273115015035', '-3352405322819025'])).toBe(88885074);
  });

  it('does not depend on the order in which the datapoints came', () => {
    const shuffled = fc
      .uniqueArray(id)
      .chain((ids) => fc.tuple(fc.constant(ids), fc.shuffledSubarray(ids, { minLength: ids.length })));

    fc.assert(
      fc.property(shuffled, ([ids, others]) => {
        expect(stateLink(others)).toBe(stateLink(ids));
      }),
    );
  });

  it('is a signed 32-bit integer, as AMPEL stores it', () => {
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        const link = stateLink(ids);
        expect(link).toBe(link | 0);
      }),
    );
  });
});

describe('sortIds', () => {
  it('puts upper limits first and compares as integers, not as text', () => {
    expect(sortIds(['10', '9', '-3352405322819025', '1391345455815015019'])).toEqual([
      '-3352405322819025',
      '9',
      '10',
      '1391345455815015019',
    ]);
  });
});
