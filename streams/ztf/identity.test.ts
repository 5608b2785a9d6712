import { bandOfFid, maySee, rcidOfPid, upperLimitId, ztfTags } from './identity.js';

describe('the id of an upper limit', () => {
  // Golden values: AMPEL's ZiDataPointShaper and its test of upper limits (Ampel-ZTF).
  it.each([
    [2458089.7405324, 335240532815, 19.024799346923828, '-3352405322819025'],
    [2459141.8900463, 1387390043915, 19.6149997711182, '-13873900463919615'],
  ])('at JD %f, of processing id %i, down to %f mag, is the one that AMPEL gives', (jd, pid, limitMag, id) => {
    expect(upperLimitId(jd, rcidOfPid(pid), limitMag)).toBe(id);
  });

  it('has the quadrant in it, so that the same exposure gives 64 different ones', () => {
    expect(upperLimitId(2459141.8900463, 57, 19.6149997711182)).toBe('-13873900465719615');
    const ids = Array.from({ length: 64 }, (_, rcid) => upperLimitId(2459141.8900463, rcid, 19.5));
    expect(new Set(ids).size).toBe(64);
  });

  // Python's round(20062.5) is 20062, round(20187.5) is 20188; JavaScript's goes up both times.
  it.each([
    [20.0625, '20062'],
    [20.1875, '20188'],
    [20.0634, '20063'],
    [20.0636, '20064'],
    [0, '00000'],
  ])('rounds a limit of %f mag half to even, as Python does, to the digits %s', (limitMag, digits) => {
    expect(upperLimitId(2458426.5, 0, limitMag).slice(-5)).toBe(digits);
  });

  it('falls with time, and is exact beyond 2^53', () => {
    expect(upperLimitId(2460754.5, 12, 20)).toBe('-30000000001220000');
    expect(BigInt(upperLimitId(2460754.50001, 12, 20))).toBeLessThan(BigInt('-30000000001220000'));
  });
});

describe('the quadrant of a processing id', () => {
  it.each([
    [335240532815, 28],
    ['1387390043915', 39],
    ['673285273115', 31],
    [100, 1],
    ['670280000015', 0],
    ['670280006300', 63],
  ])('of %p is %i', (pid, rcid) => {
    expect(rcidOfPid(pid)).toBe(rcid);
  });
});

describe('tags of a ZTF datapoint', () => {
  it.each([
    [1, ['ZTF', 'ZTF_PUB', 'ZTF_R']],
    [2, ['ZTF', 'ZTF_PRIV', 'ZTF_R']],
    [3, ['ZTF', 'ZTF_PUB', 'ZTF_PRIV', 'ZTF_R']],
    [0, ['ZTF', 'ZTF_PUB', 'ZTF_PRIV', 'ZTF_R']],
  ])('of programme %i are %j, as AMPEL has them', (programid, tags) => {
    expect(ztfTags(programid, 'r')).toEqual(tags);
  });

  it('of an unknown programme are private: nobody said that it may be published', () => {
    expect(ztfTags(undefined, 'g')).toEqual(['ZTF', 'ZTF_PRIV', 'ZTF_G']);
  });

  it('name the bands of filters 1, 2 and 3, and there are no others', () => {
    expect([0, 1, 2, 3, 4].map(bandOfFid)).toEqual([undefined, 'g', 'r', 'i', undefined]);
  });
});

describe('the right to see a datapoint', () => {
  it.each([
    [1, ['ZTF_PUB'], true],
    [1, ['ZTF_PRIV'], false],
    [2, ['ZTF_PUB'], false],
    [2, ['ZTF_PRIV'], true],
    [3, ['ZTF_PUB'], true],
    [3, ['ZTF_PRIV'], true],
    [undefined, ['ZTF_PUB'], false],
    [1, [], false],
    [3, [], false],
  ])('of programme %p with access to %j is %p', (programid, access, visible) => {
    expect(maySee(ztfTags(programid, 'g'), access)).toBe(visible);
  });
});
