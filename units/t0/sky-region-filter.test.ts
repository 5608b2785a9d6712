import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { UnfitConfig } from '../define.js';
import { skyRegionFilter } from './sky-region-filter.js';

function judge(config: object, candidate: Fields): Verdict {
  const files = new Map([['region.fits', Buffer.from('not FITS')]]);
  const filter = skyRegionFilter.bind(skyRegionFilter.config.parse(config), { survey: 'ztf', files });
  return filter({ objectId: 'ZTF18abxhyqv', candidate, history: [] });
}

function problemOf(config: object): string {
  try {
    judge(config, {});
  } catch (error) {
    if (error instanceof UnfitConfig) return `${error.path.join('.')}: ${error.message}`;
    throw error;
  }
  return 'none';
}

const CONE = { cone: { ra: 359, dec: 0, radius: 2 } };
const POLYGON = {
  polygon: [
    [10, 10],
    [20, 10],
    [20, 20],
  ],
};

describe('a region of the sky', () => {
  it.each([
    [CONE, { ra: 0.9, dec: 0 }, true],
    [CONE, { ra: 1.1, dec: 0 }, false],
    [POLYGON, { ra: 18, dec: 12 }, true],
    [POLYGON, { ra: 12, dec: 18 }, false],
  ])('accepts inside, or outside: %j %j', (config, position, isInside) => {
    const outside: Verdict = { accepted: false, reason: 'outsideRegion' };
    const inside: Verdict = { accepted: false, reason: 'insideRegion' };
    expect(judge(config, position)).toEqual(isInside ? { accepted: true } : outside);
    expect(judge({ ...config, inside: false }, position)).toEqual(isInside ? inside : { accepted: true });
  });

  it.each([
    [{}, 'ra'],
    [{ ra: 1, dec: null }, 'dec'],
    [{ ra: Number.NaN, dec: 1 }, 'ra'],
  ])('accepts nothing without a position, not even outside: %j', (position, field) => {
    expect(judge({ ...CONE, inside: false }, position)).toEqual({ accepted: false, reason: 'null', field });
  });

  it.each([
    [{}, ': found no region, expected one of polygon, moc, cone'],
    [{ ...CONE, ...POLYGON }, ': found polygon and cone, expected one of polygon, moc, cone'],
    [{ polygon: [[0, 0]] }, 'polygon: found 1 corners, expected 3 at least'],
    [
      {
        polygon: [
          [0, 0],
          [0, 0],
          [1, 1],
        ],
      },
      'polygon.0: corner 1 is the same as the next one',
    ],
    [{ moc: 'region.fits' }, 'moc: region.fits is no FITS file'],
  ])('is refused when its channel is checked: %j', (config, message) => {
    expect(problemOf(config)).toBe(message);
  });
});
