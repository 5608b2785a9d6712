import fc from 'fast-check';
import { angularSeparationDeg } from './sky-separation.js';

const position = fc.record({
  ra: fc.double({ min: 0, max: 360, noNaN: true }),
  dec: fc.double({ min: -90, max: 90, noNaN: true }),
});

describe('the angle between two positions', () => {
  // astropy 5.2: SkyCoord.separation
  it.each([
    [{ ra: 10, dec: 20 }, { ra: 10.0001, dec: 20.0001 }, 0.494003651 / 3600],
    [{ ra: 359.9999, dec: 0 }, { ra: 0.0001, dec: 0 }, 0.0002],
    [{ ra: 12, dec: 90 }, { ra: 200, dec: 89 }, 1],
    [{ ra: 0, dec: 0 }, { ra: 180, dec: 0 }, 180],
  ])('of %o and %o is %d deg', (a, b, expected) => {
    expect(angularSeparationDeg(a, b)).toBeCloseTo(expected, 12);
  });

  it('is the same both ways, between 0 and 180 deg, and 0 from a place to itself', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const angle = angularSeparationDeg(a, b);
        expect(angle).toBeCloseTo(angularSeparationDeg(b, a), 9);
        expect(angle).toBeGreaterThanOrEqual(0);
        expect(angle).toBeLessThanOrEqual(180);
        expect(angularSeparationDeg(a, a)).toBeCloseTo(0, 9);
      }),
    );
  });
});
