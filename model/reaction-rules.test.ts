import type { Channel, ReactionRule } from './channel.js';
import { deadlinesOf, type Happening } from './reaction-rules.js';

const NIGHT = 2458426.75;
const unit = { unit: 'WebhookReaction', version: '1.0.0', config: {}, configHash: 'c0' };

const RULES: readonly ReactionRule[] = [
  { ...unit, name: 'first-light', when: 'accepted', afterDays: 0 },
  { ...unit, name: 'lonely', when: 'accepted', afterDays: 3, unless: 'detection' },
  { ...unit, name: 'each', when: 'detection', afterDays: 0 },
  { ...unit, name: 'fitted', when: { result: 'T2SncosmoFit' }, afterDays: 2 / 24 },
];

const channel: Channel = {
  ...{ name: 'SN', version: '1.0.0', streams: ['ztf'], access: ['ZTF_PUB'] },
  t0: { ztf: { ...unit, unit: 'DecentFilter' } },
  t2: [],
  t3: RULES,
};

function happening(over: Partial<Happening> = {}): Happening {
  return {
    ...{ channel, channelHash: 'ab12', stock: '360504273', alertId: '673285273115015035', jd: NIGHT },
    ...{ link: '-118318261', isFirst: false, isDetection: false, results: [], firstJd: NIGHT, holds: () => undefined },
    ...over,
  };
}

const rulesOf = (over: Partial<Happening>): string[] => deadlinesOf(happening(over)).map(({ rule }) => rule);

describe('the reactions that an alert sets off', () => {
  it.each([
    ['the first one that the channel accepts', { isDetection: true, isFirst: true }, ['first-light', 'lonely', 'each']],
    ['a later one', { isDetection: true }, ['each']],
    ['the first fit', { results: ['T2SncosmoFit'] }, ['fitted']],
    ['a result that no rule waits for', { results: ['T2LightCurveSummary'] }, []],
    [
      'the first one, with a fit that is there at once',
      { isDetection: true, isFirst: true, results: ['T2LightCurveSummary', 'T2SncosmoFit'] },
      ['first-light', 'lonely', 'each', 'fitted'],
    ],
    ['a result of the first alert that came by itself', { isFirst: true, results: ['T2SncosmoFit'] }, ['fitted']],
  ])('by %s', (_, over, rules) => {
    expect(rulesOf(over)).toEqual(rules);
  });

  it('fall due as many nights later, by the clock of the alerts', () => {
    const deadlines = deadlinesOf(happening({ isDetection: true, isFirst: true, results: ['T2SncosmoFit'] }));
    expect(deadlines.map(({ rule, dueJd }) => [rule, dueJd])).toEqual([
      ['first-light', NIGHT],
      ['lonely', NIGHT + 3],
      ['each', NIGHT],
      ['fitted', NIGHT + 2 / 24],
    ]);
  });

  it('carry the alert, its time, its state and the revision of the channel', () => {
    expect(deadlinesOf(happening({ isDetection: true, isFirst: true }))[1]).toEqual({
      key: 'SN/lonely/360504273',
      ...{ channel: 'SN', channelHash: 'ab12', rule: 'lonely', alertId: '673285273115015035' },
      ...{ setJd: NIGHT, link: '-118318261', dueJd: NIGHT + 3, unless: 'detection' },
    });
    expect(deadlinesOf(happening({ isDetection: true }))[0]).not.toHaveProperty('unless');
  });
});

describe('the key of a reaction', () => {
  const keysOf = (over: Partial<Happening>): string[] => deadlinesOf(happening(over)).map(({ key }) => key);

  it('is the same each time where a rule fires once for an object, so that nobody is told twice', () => {
    const first = keysOf({ isDetection: true, isFirst: true, results: ['T2SncosmoFit'] });
    const again = keysOf({ isDetection: true, isFirst: true, results: ['T2SncosmoFit'], alertId: '9', link: '7' });
    expect(first.filter((key) => again.includes(key))).toEqual([
      'SN/first-light/360504273',
      'SN/lonely/360504273',
      'SN/fitted/360504273',
    ]);
  });

  it('has the alert in it where a rule fires for each', () => {
    expect(keysOf({ isDetection: true })).toEqual(['SN/each/360504273/673285273115015035']);
  });

  it('is another one for another channel or object', () => {
    const keys = ['SN', 'AGN'].flatMap((name) =>
      ['1', '2'].flatMap((stock) => keysOf({ channel: { ...channel, name }, stock, results: ['T2SncosmoFit'] })),
    );
    expect(new Set(keys).size).toBe(4);
  });
});
