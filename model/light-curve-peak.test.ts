import { brightestOf, courseOf, longestGapDays } from './light-curve-peak.js';
import type { Magnitude } from './measured-brightness.js';

const point = (days: number, mag: number, magErr = 0.1): Magnitude => ({ jd: 2459000.5 + days, mag, magErr });

describe('the course of a light curve', () => {
  it('has a peak once the last point is fainter, and late enough', () => {
    const peak = point(5, 18);
    const rise = [point(0, 19), peak];
    expect(courseOf([...rise, point(8, 18.2)], 2)).toEqual({ peak, isRising: false, hasRisen: true });
    expect(courseOf([...rise, point(6.9, 18.2)], 2)).toEqual({ peak: undefined, isRising: true, hasRisen: true });
    // 0.14 mag is the error of the difference.
    expect(courseOf([...rise, point(8, 18.14)], 2)).toEqual({ peak: undefined, isRising: false, hasRisen: true });
  });

  it('has no rise where it was found at its peak, or is no brighter than when it was found', () => {
    expect(courseOf([point(0, 18), point(5, 19)], 2)).toMatchObject({ peak: point(0, 18), hasRisen: false });
    expect(courseOf([point(0, 18), point(5, 17.9)], 2)).toEqual({ peak: undefined, isRising: true, hasRisen: false });
  });

  it('of one point is a rise that has not been seen, as AMPEL says', () => {
    expect(courseOf([point(0, 18)], 2)).toEqual({ peak: undefined, isRising: true, hasRisen: false });
    expect(courseOf([], 2)).toBeUndefined();
  });

  it('has its peak at the last of equally bright points', () => {
    expect(brightestOf([point(0, 18), point(1, 18), point(2, 19)])).toEqual(point(1, 18));
    expect(brightestOf([])).toBeUndefined();
  });

  it('has gaps between its points', () => {
    expect(longestGapDays([point(0, 18), point(1, 18), point(41, 19), point(42, 19)])).toBe(40);
    expect(longestGapDays([point(0, 18), point(0, 19)])).toBeUndefined();
    expect(longestGapDays([point(0, 18)])).toBeUndefined();
  });
});
