import { meanPosition } from './mean-position.js';

describe('a mean position', () => {
  // Golden values: astropy 8.0, mean of SkyCoord.cartesian and separations from it.
  it.each([
    [
      'across ra 0',
      [
        [359.9999, 10],
        [0.0001, 10.0001],
        [0, 9.9999],
      ],
      [359.9999999999897, 10.00000000000995, 0.41254661348119603, 0.5052643300281426],
    ],
    [
      'at the pole',
      [
        [12.5, 89.9999],
        [192.5, 89.9998],
        [100, 89.9999],
      ],
      [146.24999999885895, 89.99995389912962, 0.48130680274845244, 0.6169936724262413],
    ],
    ['of one measurement', [[150.1, -30.2]], [150.1, -30.2, 0, 0]],
  ])('%s is that of the directions', (_, positions, [ra = 0, dec = 0, scatter = 0, farthest = 0]) => {
    const mean = meanPosition(positions.map(([oneRa = 0, oneDec = 0]) => ({ ra: oneRa, dec: oneDec })));
    expect(mean?.ra).toBeCloseTo(ra, 6);
    expect(mean?.dec).toBeCloseTo(dec, 9);
    expect(mean?.scatterArcsec).toBeCloseTo(scatter, 6);
    expect(mean?.farthestArcsec).toBeCloseTo(farthest, 6);
  });

  it('is none of nothing', () => {
    expect(meanPosition([])).toBeUndefined();
  });
});
