import { SITES } from './sites.js';
import { twilightsMs } from './twilight.js';

const DAY_MS = 86_400_000;
const RADIANS = Math.PI / 180;

/**
 * The Sun's altitude (deg, geometric) by the low-precision formulae of the Astronomical Almanac (page C5; 0.01 deg from 1950 to
 * 2050): another source than the library's.
 */
function sunAltitudeDeg(ms: number, latitudeDeg: number, longitudeDeg: number): number {
  const n = ms / DAY_MS + 2_440_587.5 - 2_451_545;
  const meanLongitude = 280.46 + 0.9856474 * n;
  const anomaly = (357.528 + 0.9856003 * n) * RADIANS;
  const ecliptic = (meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIANS;
  const obliquity = (23.439 - 4e-7 * n) * RADIANS;
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic));
  const siderealDeg = 280.46062 + 360.98564737 * n + longitudeDeg;
  const hourAngle = siderealDeg * RADIANS - ascension;
  const latitude = latitudeDeg * RADIANS;
  const sine =
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.asin(sine) / RADIANS;
}

const from = Date.parse('2026-01-01T00:00:00Z');
const year = from + 365 * DAY_MS;

describe('twilightsMs', () => {
  it.each(SITES)('has the Sun 18 degrees below the horizon of $name, once a night, all year', (site) => {
    for (const twilight of ['evening', 'morning'] as const) {
      const found = twilightsMs({ twilight, offsetMinutes: 0, site }, from, year);
      expect(found.length).toBeGreaterThanOrEqual(364);
      expect(found.length).toBeLessThanOrEqual(366);
      for (const ms of found.filter((_, index) => index % 7 === 0)) {
        const altitude = sunAltitudeDeg(ms, site.latitudeDeg, site.longitudeDeg);
        expect(Math.abs(altitude + 18)).toBeLessThan(0.05);
        const later = sunAltitudeDeg(ms + 60_000, site.latitudeDeg, site.longitudeDeg);
        expect(Math.sign(later - altitude)).toBe(twilight === 'evening' ? -1 : 1);
      }
    }
  });

  it('takes the time at which the Sun is lowest in nights that are never dark, and in winters without day', () => {
    const tromso = { name: 'tromso', latitudeDeg: 69.65, longitudeDeg: 18.96, heightM: 100 };
    for (const [day, hasNight] of [
      ['2026-06-21', false],
      ['2026-03-21', true],
    ] as const) {
      const start = Date.parse(`${day}T12:00:00Z`);
      const [evening = 0] = twilightsMs({ twilight: 'evening', offsetMinutes: 0, site: tromso }, start, start + DAY_MS);
      const [morning = 0] = twilightsMs({ twilight: 'morning', offsetMinutes: 0, site: tromso }, start, start + DAY_MS);
      expect(evening < morning).toBe(hasNight);
      // Local midnight is at 22:44 UTC, give or take the equation of time.
      if (!hasNight) {
        expect(evening).toBe(morning);
        expect(new Date(evening).toISOString()).toMatch(/T22:4/);
      }
    }
    const southPole = { name: 'pole', latitudeDeg: -89.99, longitudeDeg: 0, heightM: 2800 };
    expect(
      twilightsMs({ twilight: 'morning', offsetMinutes: 0, site: southPole }, from, from + 10 * DAY_MS),
    ).toHaveLength(10);
  });

  it('is off by what is asked for, with both ends of the time in it', () => {
    const [site] = SITES;
    if (site === undefined) throw new Error('there are no sites');
    const [plain = 0] = twilightsMs({ twilight: 'evening', offsetMinutes: 0, site }, from, from + DAY_MS);
    const [early = 0] = twilightsMs({ twilight: 'evening', offsetMinutes: -90, site }, from, from + DAY_MS);
    expect(plain - early).toBe(90 * 60_000);
    expect(twilightsMs({ twilight: 'evening', offsetMinutes: -90, site }, early, early)).toEqual([early]);
    expect(twilightsMs({ twilight: 'evening', offsetMinutes: -90, site }, early + 1, early + 2)).toEqual([]);
  });
});
