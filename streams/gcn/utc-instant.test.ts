import { problemOf } from '../../test/problem-of.js';
import { utcInstant } from './utc-instant.js';

// Julian dates are from Python's calendar.
describe('the time of a notice', () => {
  it.each([
    ['2018-11-01T22:22:46.654437Z', 2458424.4324844265, '2018-11-01T22:22:46.654437Z'],
    ['2018-01-16T00:36:52.81', 2458134.525611227, '2018-01-16T00:36:52.81Z'],
    ['2024-02-29T00:00:00', 2460369.5, '2024-02-29T00:00:00Z'],
    ['2000-01-01 12:00:00+00:00', 2451545, '2000-01-01T12:00:00Z'],
    ['2000-01-01T14:00:00+0200', 2451545, '2000-01-01T12:00:00Z'],
    ['1999-12-31T23:30:00-12:30', 2451545, '2000-01-01T12:00:00Z'],
  ])('%s is JD %d', (text, jd, iso) => {
    expect(utcInstant(text, 'time')).toEqual({ jd, iso });
  });

  it('in the leap second of 2016 is the first second of the next day', () => {
    expect(utcInstant('2016-12-31T23:59:60.5Z', 'time')).toEqual({
      jd: 2457754.5000057872,
      iso: '2017-01-01T00:00:00.5Z',
    });
  });

  it.each([
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-01-01T24:00:00Z',
    '2023-01-01T12:60:00Z',
    '2023-01-01T12:00:60Z',
    '2023-01-01',
    '58424.43',
    '0001-01-01T00:00:00Z',
    '2999-01-01T00:00:00Z',
    `2023-01-01T00:00:00.${'1'.repeat(100_000)}Z`,
    'now',
  ])('is refused in another form, outside of the calendar and before 1960', (text) => {
    expect(problemOf(() => utcInstant(text, 'trigger_time'))).toMatchObject({
      kind: 'absurd-field',
      message: expect.stringMatching(/^trigger_time is ".{1,70}, expected a UTC time like .{1,60}$/) as string,
    });
  });
});
