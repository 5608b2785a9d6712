import { z } from 'zod';
import type { Channel } from '../model/channel.js';
import { acceptAllFilter } from '../units/t0/accept-all-filter.js';
import { defineT2, defineTiedT2, type Need, type T2Kind, type Unit } from '../units/define.js';
import { checkChannel } from './check-channel.js';

const facts = {
  version: '1.0.0',
  summary: 'Counts.',
  config: z.strictObject({ power: z.int().default(1) }),
  result: z.number(),
};

function plain(name: string, input: T2Kind = 'lightCurve', surveys?: readonly string[]): Unit {
  return defineT2({ ...facts, name, input, cost: 'light', ...(surveys && { surveys }), run: () => 1 });
}

function tied(name: string, needs: readonly Need[], input: T2Kind = 'lightCurve'): Unit {
  return defineTiedT2({ ...facts, name, input, cost: 'light', needs, run: () => 1 });
}

const units = [
  acceptAllFilter,
  plain('T2Peak'),
  plain('T2Point', 'datapoint'),
  plain('T2Object', 'stock'),
  plain('T2Rubin', 'lightCurve', ['lsst']),
  tied('T2Colour', [{ unit: 'T2Peak', of: 'same' }]),
  tied('T2Type', [
    { unit: 'T2Colour', of: 'same' },
    { unit: 'T2Object', of: 'stock' },
  ]),
  tied('T2Trend', [{ unit: 'T2Peak', of: 'states' }]),
  tied('T2Cusp', [{ unit: 'T2Point', of: 'datapoint' }]),
  tied('T2Cusps', [{ unit: 'T2Cusp', of: 'states' }]),
  tied('T2Hen', [{ unit: 'T2Egg', of: 'same' }]),
  tied('T2Egg', [{ unit: 'T2Hen', of: 'same' }]),
  tied('T2Misfit', [{ unit: 'T2Point', of: 'same' }]),
];

function check(t2: string): ReturnType<typeof checkChannel> {
  const text = `name: SN\nversion: 1.0.0\nstream: ztf\nt0: { unit: AcceptAllFilter }\nt2: ${t2}\n`;
  return checkChannel(text, 'SN.yaml', { all: () => units });
}

function usesOf(t2: string): Channel['t2'] {
  const checked = check(t2);
  if (!checked.ok) throw new Error(checked.errors.map(({ message }) => message).join('; '));
  return checked.revision.channel.t2;
}

describe('the T2 units of a channel', () => {
  it('know whose results they build on, whatever stands first', () => {
    const [type, colour, peak, object] = usesOf(
      '[{ unit: T2Type }, { unit: T2Colour }, { unit: T2Peak }, { unit: T2Object }]',
    );
    expect(type?.needs).toEqual([
      { unit: 'T2Colour', version: '1.0.0', configHash: colour?.configHash, of: 'same' },
      { unit: 'T2Object', version: '1.0.0', configHash: object?.configHash, of: 'stock' },
    ]);
    expect(colour?.needs).toMatchObject([{ unit: 'T2Peak', configHash: peak?.configHash }]);
    expect(peak).not.toHaveProperty('needs');
  });

  it('give other results where what they build on is configured otherwise', () => {
    const [one] = usesOf('[{ unit: T2Colour }, { unit: T2Peak }]');
    const [other] = usesOf('[{ unit: T2Colour }, { unit: T2Peak, config: { power: 2 } }]');
    expect(one?.config).toEqual(other?.config);
    expect(one?.configHash).not.toBe(other?.configHash);
  });

  it('give other results where what they build on looks at other points', () => {
    const [one] = usesOf('[{ unit: T2Cusp }, { unit: T2Point, points: first }]');
    const [other, point] = usesOf('[{ unit: T2Cusp }, { unit: T2Point, points: last }]');
    expect(one?.configHash).not.toBe(other?.configHash);
    expect(other?.needs).toMatchObject([{ unit: 'T2Point', configHash: point?.configHash }]);
  });

  it('may need what is computed for all groups, or for the same', () => {
    expect(usesOf('[{ unit: T2Colour, group: 1 }, { unit: T2Peak }]')).toHaveLength(2);
    expect(usesOf('[{ unit: T2Colour, group: 1 }, { unit: T2Peak, group: [1, 2] }]')).toHaveLength(2);
  });

  it('may be for groups, and for chosen datapoints', () => {
    expect(
      usesOf('[{ unit: T2Peak, group: 1 }, { unit: T2Point, group: [1, 2], points: first accepted, tag: ZTF_G }]'),
    ).toMatchObject([
      { unit: 'T2Peak', groups: [1] },
      { unit: 'T2Point', groups: [1, 2], points: { select: 'first accepted', tag: 'ZTF_G' } },
    ]);
  });

  it.each([
    [
      'a need is not computed',
      '[{ unit: T2Colour }]',
      't2[0]: T2Colour needs results of T2Peak, which the channel does not compute; add it to t2',
    ],
    [
      'a need is ambiguous',
      '[{ unit: T2Colour }, { unit: T2Peak }, { unit: T2Peak, config: { power: 2 } }]',
      't2[0]: T2Colour needs results of T2Peak, which stands at t2[1] and t2[2], expected once',
    ],
    [
      'needs go in a circle',
      '[{ unit: T2Hen }, { unit: T2Egg }]',
      't2[1]: found a circle of needs: T2Hen needs T2Egg needs T2Hen',
    ],
    [
      'a need is of another link',
      '[{ unit: T2Misfit }, { unit: T2Point }]',
      't2[0]: T2Misfit needs T2Point of the same link, but that looks at the datapoint',
    ],
    [
      'a need is computed for another group',
      '[{ unit: T2Colour, group: [1, 3] }, { unit: T2Peak, group: [1, 2] }]',
      't2[0]: T2Colour is computed for group 1, 3, and needs T2Peak, which is computed for group 1, 2 only',
    ],
    [
      'a need is computed for one group',
      '[{ unit: T2Colour }, { unit: T2Peak, group: 2 }]',
      't2[0]: T2Colour is computed for all groups, and needs T2Peak, which is computed for group 2 only',
    ],
    [
      'points of earlier states are needed',
      '[{ unit: T2Cusps }, { unit: T2Cusp }, { unit: T2Point }]',
      't2[0]: T2Cusps compares results of T2Cusp of several states, expected one that builds on no datapoints; it builds on T2Point',
    ],
    [
      'a unit reads another survey',
      '[{ unit: T2Rubin }]',
      't2[0].unit: T2Rubin reads data of lsst, the channel reads ztf',
    ],
    [
      'a light curve has no points to choose',
      '[{ unit: T2Peak, points: first }]',
      't2[0].points: T2Peak looks at the light curve, expected this of units that look at datapoints',
    ],
    [
      'a choice is none',
      '[{ unit: T2Point, points: brightest }]',
      't2[0].points: expected first or last or first accepted or all, found "brightest"',
    ],
    [
      'a group is none',
      '[{ unit: T2Peak, group: seven }]',
      't2[0].group: expected a number from 1 to 255, or a list of such, found "seven"',
    ],
  ])('are refused where %s', (_what, t2, message) => {
    const checked = check(t2);
    expect(checked.ok ? [] : checked.errors.map(({ path, message: text }) => `${path}: ${text}`)).toContainEqual(
      message,
    );
  });
});
