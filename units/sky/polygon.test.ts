import fc from 'fast-check';
import { angularSeparationDeg } from '../../model/sky-separation.js';
import { BadPolygon, skyPolygon } from './polygon.js';

const positions = (list: readonly (readonly [number, number])[]): { ra: number; dec: number }[] =>
  list.map(([ra, dec]) => ({ ra, dec }));

describe('a polygon on the sphere', () => {
  // Golden values: spherical-geometry 1.4 (STScI), SphericalPolygon.from_radec(…).contains_lonlat.
  it.each([
    [
      'across ra 0',
      [
        [350, -10],
        [10, -10],
        [12, 15],
        [348, 12],
      ],
      [
        [0, 0],
        [355, -9.9],
        [9.9, -10.2],
        [13, 14],
        [349, 11.5],
        [180, 0],
      ],
      [true, true, false, false, true, false],
    ],
    [
      'over the north pole',
      [
        [0, 75],
        [90, 70],
        [180, 75],
        [270, 72],
      ],
      [
        [45, 89],
        [45, 72],
        [45, 71],
        [200, 74],
        [0, -80],
        [300, 71],
      ],
      [true, false, false, false, false, false],
    ],
    [
      'with a concave corner',
      [
        [100, 0],
        [140, 0],
        [140, 40],
        [120, 10],
        [100, 40],
      ],
      [
        [120, 5],
        [120, 12],
        [105, 30],
        [135, 30],
        [118, 20],
        [139.9, -0.1],
      ],
      [true, false, true, true, false, false],
    ],
    [
      'of 70 degrees',
      [
        [200, -40],
        [260, -45],
        [270, 30],
        [210, 35],
      ],
      [
        [230, 0],
        [230, -42],
        [230, -44.5],
        [265, 31],
        [240, 36.5],
        [50, 0],
      ],
      [true, true, true, true, false, false],
    ],
  ] as const)('%s has the positions that it should, its edges being great circles', (_, corners, points, expected) => {
    const has = skyPolygon(positions(corners));
    expect(positions(points).map(has)).toEqual(expected);
    expect(positions(points).map(skyPolygon(positions(corners).reverse()))).toEqual(expected);
  });

  it('with many corners is nearly a cone, wherever it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 359, noNaN: true }),
        fc.double({ min: -89, max: 89, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        fc.double({ min: -90, max: 90, noNaN: true }),
        (ra, dec, pointRa, pointDec) => {
          const middle = { ra, dec };
          const has = skyPolygon(around(middle, 20));
          const point = { ra: pointRa, dec: pointDec };
          const separation = angularSeparationDeg(middle, point);
          if (Math.abs(separation - 20) > 0.1) expect(has(point)).toBe(separation < 20);
        },
      ),
    );
  });

  it.each([
    [
      'two corners',
      [
        [0, 0],
        [1, 1],
      ],
      'found 2 corners',
    ],
    [
      'edges that cross',
      [
        [0, 0],
        [10, 10],
        [10, 0],
        [0, 10],
      ],
      'crosses',
    ],
    [
      'a corner twice',
      [
        [0, 0],
        [0, 0],
        [10, 10],
      ],
      'is the same as the next one',
    ],
    [
      'more than it can have of the sky',
      [
        [0, 0],
        [90, 0],
        [179, 0],
        [90, 80],
      ],
      'farther than 80 degrees',
    ],
    [
      'corners around the sky',
      [
        [0, 0],
        [120, 0],
        [240, 0],
      ],
      'around the whole sky',
    ],
  ] as const)('with %s is refused', (_, corners, message) => {
    expect(() => skyPolygon(positions(corners))).toThrow(BadPolygon);
    expect(() => skyPolygon(positions(corners))).toThrow(message);
  });
});

/** Corners at a distance of a position, every two degrees of azimuth. */
function around({ ra, dec }: { ra: number; dec: number }, radiusDeg: number): { ra: number; dec: number }[] {
  const rad = Math.PI / 180;
  return Array.from({ length: 180 }, (_, i) => {
    const azimuth = 2 * i * rad;
    const sinDec =
      Math.sin(dec * rad) * Math.cos(radiusDeg * rad) +
      Math.cos(dec * rad) * Math.sin(radiusDeg * rad) * Math.cos(azimuth);
    const along = Math.cos(radiusDeg * rad) - Math.sin(dec * rad) * sinDec;
    const across = Math.sin(azimuth) * Math.sin(radiusDeg * rad) * Math.cos(dec * rad);
    return { ra: (ra + Math.atan2(across, along) / rad + 360) % 360, dec: Math.asin(sinDec) / rad };
  });
}
