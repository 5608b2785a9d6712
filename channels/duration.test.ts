import fc from 'fast-check';
import { parseDurationDays } from './duration.js';

describe('a wait in a channel file', () => {
  it.each([
    ['30 min', 30 / 1440],
    ['2 h', 2 / 24],
    ['3 d', 3],
    ['1 night', 1],
    ['3 nights', 3],
    ['1.5 h', 1.5 / 24],
    ['36h', 1.5],
  ])('%s is so many days of event time', (text, days) => {
    expect(parseDurationDays(text)).toBe(days);
  });

  it.each([
    '',
    '3',
    'nights',
    '-1 h',
    '2 hours',
    '1e3 d',
    '3  nights',
    ' 3 h',
    '3 h ',
    '.5 h',
    '5. h',
    '9999999 d',
    '3 H',
  ])('"%s" is no duration', (text) => {
    expect(parseDurationDays(text)).toBeUndefined();
  });

  it('is the same in minutes, hours and days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (days) => {
        const waits = [`${days} d`, `${days * 24} h`, `${days * 1440} min`].map(parseDurationDays);
        for (const wait of waits) expect(wait).toBeCloseTo(days, 9);
      }),
    );
  });
});
