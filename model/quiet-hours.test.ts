import { periodOf, quietUntilMs } from './quiet-hours.js';

/** End of the quiet hours at a moment, as ISO text. */
function end(quiet: string, now: string): string | undefined {
  const [from = '', to = '', timezone = ''] = quiet.split(' ');
  const untilMs = quietUntilMs({ from, to, timezone }, Date.parse(now));
  return untilMs === undefined ? undefined : new Date(untilMs).toISOString();
}

describe('quiet hours', () => {
  it.each([
    ['over midnight, before it', '22:00 07:00 UTC', '2026-11-23T23:30:10Z', '2026-11-24T07:00:00.000Z'],
    ['over midnight, after it', '22:00 07:00 UTC', '2026-11-23T06:59:59Z', '2026-11-23T07:00:00.000Z'],
    ['their first minute', '22:00 07:00 UTC', '2026-11-23T22:00:00Z', '2026-11-24T07:00:00.000Z'],
    ['of another zone', '22:00 07:00 Europe/Berlin', '2026-11-23T21:30:00Z', '2026-11-24T06:00:00.000Z'],
    ['of a zone with half hours', '22:00 07:00 Asia/Kolkata', '2026-11-23T17:00:00Z', '2026-11-24T01:30:00.000Z'],
    ['the night that clocks go back', '22:00 07:00 Europe/Berlin', '2026-10-24T21:00:00Z', '2026-10-25T06:00:00.000Z'],
    [
      'the night that clocks go forward',
      '22:00 07:00 Europe/Berlin',
      '2026-03-28T22:00:00Z',
      '2026-03-29T05:00:00.000Z',
    ],
  ])('%s', (_, quiet, now, until) => {
    expect(end(quiet, now)).toBe(until);
  });

  it.each([
    ['22:00 07:00 UTC', '2026-11-23T07:00:00Z'],
    ['22:00 07:00 UTC', '2026-11-23T21:59:59Z'],
    ['12:00 13:00 America/Los_Angeles', '2026-11-23T12:30:00Z'],
  ])('there are none outside of %s', (quiet, now) => {
    expect(end(quiet, now)).toBeUndefined();
  });
});

it.each([
  ['h', '2026-11-23T22:59:59Z', 'h 2026-11-23T22', '2026-11-23T23:00:00.000Z'],
  ['d', '2026-11-23T22:59:59Z', 'd 2026-11-23', '2026-11-24T00:00:00.000Z'],
  ['night', '2026-11-23T11:59:59Z', 'night 2026-11-22', '2026-11-23T12:00:00.000Z'],
  ['night', '2026-11-23T12:00:00Z', 'night 2026-11-23', '2026-11-24T12:00:00.000Z'],
] as const)('the %s of %s is %s', (per, now, name, endIso) => {
  expect(periodOf(per, Date.parse(now))).toEqual({ name, endMs: Date.parse(endIso) });
});
