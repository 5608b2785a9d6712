import { galacticLatitudeDeg } from '../../model/galactic.js';
import { chooseFields, distanceToEdgePx, placeInField } from './footprint.js';

/** 2021-07-01: the Sun is at right ascension 6h40m, opposition at 280 deg. */
const JULY_JD = 2459396.5;

describe('the footprint', () => {
  it('holds the fields nearest to opposition, away from the Milky Way', () => {
    const fields = chooseFields(40, JULY_JD);
    expect(fields).toHaveLength(40);
    for (const { raDeg, decDeg } of fields) {
      expect(Math.abs(((raDeg - 280 + 540) % 360) - 180)).toBeLessThan(90);
      expect(Math.abs(galacticLatitudeDeg(raDeg, decDeg))).toBeGreaterThan(18);
    }
  });

  it('refuses more fields than the sky has, and says how many there are', () => {
    expect(() => chooseFields(5000, JULY_JD)).toThrow(/fields is 5000, expected an integer from 1 to \d+/);
    expect(() => chooseFields(0, JULY_JD)).toThrow('fields is 0');
  });

  it('spreads positions over 64 quadrants of a field, 7 degrees across', () => {
    const field = { id: 600, raDeg: 0.5, decDeg: 40 };
    const rcids = new Set<number>();
    for (let i = 0; i < 640; i++) {
      const place = placeInField(field, [i / 640, (i * 0.37) % 1, (i * 0.71) % 1]);
      rcids.add(place.rcid);
      expect(Math.abs(place.decDeg - 40)).toBeLessThan(3.6);
      const eastDeg = (((place.raDeg - 0.5 + 540) % 360) - 180) * Math.cos((place.decDeg * Math.PI) / 180);
      expect(Math.abs(eastDeg)).toBeLessThan(3.6);
      expect(distanceToEdgePx(place.xpos, place.ypos)).toBeGreaterThanOrEqual(15);
    }
    expect(rcids.size).toBe(64);
  });
});
