import fc from 'fast-check';
import { jdOfUnixMs, nightOfJd, unixMsOfJd } from './julian-date.js';

describe('Julian dates', () => {
  // Golden values: Meeus, Astronomical Algorithms, chapter 7 (1957 and 2000); the others counted in days from there.
  it.each([
    ['1970-01-01T00:00:00.000Z', 2440587.5],
    ['1957-10-04T19:26:24.000Z', 2436116.31],
    ['2000-01-01T12:00:00.000Z', 2451545],
    ['2018-11-04T06:00:00.000Z', 2458426.75],
    ['2017-01-01T00:00:00.000Z', 2457754.5],
  ])('%s is JD %f, and back', (iso, jd) => {
    expect(jdOfUnixMs(Date.parse(iso))).toBeCloseTo(jd, 8);
    expect(new Date(unixMsOfJd(jd)).toISOString()).toBe(iso);
  });

  it('keep every millisecond of the survey apart', () => {
    const survey = { min: Date.parse('2017-01-01'), max: Date.parse('2040-01-01') };
    fc.assert(
      fc.property(fc.integer(survey), (unixMs) => {
        expect(unixMsOfJd(jdOfUnixMs(unixMs))).toBe(unixMs);
      }),
    );
  });
});

describe('the night of an exposure', () => {
  it('has one name from dusk to dawn at Palomar', () => {
    // The longest night of the year is dark from about 02:10 to 13:15 UTC.
    const [dusk, dawn] = ['2018-12-21T02:10:00Z', '2018-12-21T13:15:00Z'].map((iso) => jdOfUnixMs(Date.parse(iso)));
    expect([nightOfJd(dusk ?? 0), nightOfJd(dawn ?? 0)]).toEqual(['2018-12-21', '2018-12-21']);
  });

  it('begins with the UTC day', () => {
    expect(nightOfJd(2458426.5)).toBe('2018-11-04');
    expect(nightOfJd(2458426.5 - 1e-6)).toBe('2018-11-03');
  });
});
