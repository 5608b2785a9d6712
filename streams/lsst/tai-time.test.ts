import { jdOfMjdTai } from './tai-time.js';

describe('the Julian date (UTC) of LSST times (MJD, TAI)', () => {
  // astropy 8.0.2: Time(mjd, format='mjd', scale='tai').utc.jd
  it.each([
    [48000.25, 2448000.7497106483, 'in 1990, 25 s'],
    [50000, 2450000.499664352, 'in 1995, 29 s'],
    [57454.32928159722, 2457454.8288649307, 'in 2016, 36 s'],
    [57754.00043, 2457754.5000017593, 'right after the leap second of 2016'],
    [60902.993305483615, 2460903.492877243, 'in 2025, 37 s'],
    [60960.1303, 2460960.629871759, 'in 2025, 37 s'],
    [61314.27337522106, 2461314.7729469803, 'in 2026, 37 s'],
    [88000, 2488000.4995717593, 'as long as no leap second is announced'],
  ])('of %f is %f (%s)', (mjdTai, jd) => {
    expect(jdOfMjdTai(mjdTai)).toBeCloseTo(jd, 8);
  });

  it('stands still for the leap second of 2016-12-31, and never goes back by more', () => {
    const midnightTai = 57754 + 36 / 86_400;
    const second = 1 / 86_400;
    expect(jdOfMjdTai(midnightTai - 0.25 * second)).toBeLessThan(2457754.5);
    expect(jdOfMjdTai(midnightTai + 1.25 * second)).toBeGreaterThan(2457754.5);
    expect(jdOfMjdTai(midnightTai + 0.5 * second)).toBeCloseTo(2457754.5, 4);
  });
});
