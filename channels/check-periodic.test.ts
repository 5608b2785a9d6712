import type { PeriodicRule } from '../model/channel.js';
import { loadRegistry, type Registry } from '../units/registry.js';
import { checkChannel } from './check-channel.js';

let known: Registry;
beforeAll(async () => {
  known = await loadRegistry();
});

const HEAD = `name: CLOCK
version: 1.0.0
stream: ztf
t0: { unit: AcceptAllFilter }
t2: [{ unit: T2LightCurveSummary }]
`;
const UNIT = 'name: morning, unit: WebhookReaction, config: { url: https://example.org/ }';

function errorsOf(rule: string, head = HEAD): string[] {
  const check = checkChannel(`${head}periodic:\n  - { ${rule} }\n`, 'CLOCK.yaml', known);
  return check.ok ? [] : check.errors.map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

function ruleOf(rule: string): PeriodicRule | undefined {
  const check = checkChannel(`${HEAD}periodic:\n  - { ${rule} }\n`, 'CLOCK.yaml', known);
  if (!check.ok) throw new Error(check.errors.map(({ message }) => message).join('; '));
  return check.revision.channel.periodic?.[0];
}

describe('a periodic rule', () => {
  it.each([
    ['at: 07:30 Europe/Berlin', { time: '07:30', timezone: 'Europe/Berlin' }],
    ['at: Mon-Fri 07:30 UTC', { time: '07:30', days: [1, 2, 3, 4, 5], timezone: 'UTC' }],
    ['at: Fri-Mon 07:30 UTC', { time: '07:30', days: [0, 1, 5, 6], timezone: 'UTC' }],
    ['at: "Sun, Wed 23:05 America/Santiago"', { time: '23:05', days: [0, 3], timezone: 'America/Santiago' }],
    ['every: 6 h', { everyMinutes: 360 }],
    ['every: 30 min', { everyMinutes: 30 }],
  ])('runs at %s', (times, expected) => {
    expect(ruleOf(`${UNIT}, ${times}`)?.times).toEqual(expected);
  });

  it('runs before or after a twilight at a site with a name, or at a place', () => {
    const known = ruleOf(`${UNIT}, at: 30 min before evening twilight, site: palomar`);
    expect(known?.times).toMatchObject({ twilight: 'evening', offsetMinutes: -30, site: { name: 'palomar' } });
    const own = ruleOf(`${UNIT}, at: morning twilight, site: { latitude: 52.4, longitude: 13.0 }`);
    expect(own?.times).toEqual({
      ...{ twilight: 'morning', offsetMinutes: 0 },
      site: { name: '52.4, 13', latitudeDeg: 52.4, longitudeDeg: 13, heightM: 0 },
    });
  });

  it('has defaults that lose nothing: it tells of what is new, queues, and makes up for an hour', () => {
    expect(ruleOf(`${UNIT}, at: 07:30 UTC`)).toMatchObject({
      ...{ overlap: 'queue', catchUpMinutes: 60, select: { limit: 1000 }, tell: 'all' },
    });
    expect(ruleOf(`${UNIT}, every: 5 min`)).toMatchObject({ overlap: 'skip' });
  });

  it('selects by time, expressions, tags and queries, in an order', () => {
    const select =
      'select: { accepted: 3 d, new: 1 d, where: T2LightCurveSummary.num_detections > 3 && state.detections > 2, ' +
      'tags: { without: [LSST] }, query: { position.dec: { $gt: -30 } }, order: -T2LightCurveSummary.magpsf, limit: 50 }';
    expect(ruleOf(`${UNIT}, every: 6 h, ${select}`)?.select).toEqual({
      ...{ acceptedDays: 3, newDays: 1, limit: 50 },
      where: {
        holds: 'T2LightCurveSummary.num_detections > 3 && state.detections > 2',
        units: ['T2LightCurveSummary'],
      },
      tags: { without: ['LSST'] },
      query: { 'position.dec': { $gt: -30 } },
      order: { by: { holds: 'T2LightCurveSummary.magpsf', units: ['T2LightCurveSummary'] }, descending: true },
    });
  });

  it.each([
    ['', 'name: runs never: expected every: 6 h, or at: "07:30 Europe/Berlin"'],
    [', at: 07:30 UTC, every: 6 h', 'every: found every and at, expected one of them'],
    [', at: evening twilight', 'at: found a twilight without a site, expected site: palomar, or another'],
    [', at: 07:30 UTC, site: palomar', 'site: found a site, but no twilight that would be there'],
    [', at: 07:30 Europe/Berlni', 'at: found the time zone "Europe/Berlni", expected one such as Europe/Berlin or UTC'],
    [', at: 25:30 UTC', 'at: found "25:30 UTC", expected a time of day and its zone'],
    [', at: evening twilight, site: palomr', '(did you mean "palomar"?), found "palomr"'],
    [', every: 6 h, tell: some', 'tell: expected all or each'],
    [', every: 6 h, selct: {}', 'selct: unknown key'],
    [', every: 6 h, select: { wher: x }', 'select.wher: unknown key "wher"; did you mean "where"?'],
    [', every: 6 h, select: { where: T2LightCurveSumary.a > 1 }', 'select.where: '],
    [', every: 6 h, select: { where: state.detectons > 1 }', 'detections'],
    [', every: 6 h, select: { order: faintest }', 'select.order: found "faintest", expected newest, brightest'],
    [', every: 6 h, select: { limit: 5000 }', 'select.limit: found 5000, expected 1000 at most in one message'],
    [', every: 6 h, select: { query: { positon.ra: 3 } }', 'did you mean "position"?'],
    [', every: 6 h, select: { query: { position.ra: { $regex: a } } }', 'select.query: position.ra: found $regex'],
    [', every: 6 h, select: { query: { $where: "1" } }', 'select.query: found $where, expected one of $and, $or, $nor'],
  ])('is refused with%s: what is wrong stands where it is wrong', (more, message) => {
    const errors = errorsOf(`${UNIT}${more}`);
    expect(errors.join('\n')).toContain(message);
    expect(errors.every((error) => error.startsWith('7 periodic[0]'))).toBe(true);
  });

  it('has a name that no other rule has', () => {
    const t3 = `${HEAD}t3:\n  - { ${UNIT}, when: accepted }\n`;
    expect(errorsOf(`${UNIT}, every: 6 h`, t3).join()).toContain('"morning" is the name of t3[0] already');
  });

  it('leaves channels without any what they were', () => {
    const check = checkChannel(HEAD, 'CLOCK.yaml', known);
    expect(check.ok && 'periodic' in check.revision.channel).toBe(false);
  });
});
