import { InvalidArgumentError } from 'commander';

/** Unix time (ms) of `2021-07-05` or `2021-07-05T12:00Z`; without a zone it is UTC. For options. */
export function utcTime(text: string): number {
  const [, day, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)Z?)?$/.exec(text) ?? [];
  const ms = day === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`);
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError('Expected a time in UTC, such as 2021-07-05 or 2021-07-05T12:00Z.');
}
