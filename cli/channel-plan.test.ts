import type { Channel, ReactionRule } from '../model/channel.js';
import { channelPlan, channelSummary, whenText } from './channel-plan.js';

const use = (unit: string) => ({ unit, version: '1.0.0', config: { token: 'secret' }, configHash: 'c0ffee' });

const rule: ReactionRule = { ...use('WebhookReaction'), name: 'single-night', when: 'accepted', afterDays: 0 };

const channel: Channel = {
  name: 'HU_RAPID',
  version: '1.2.0',
  description: 'Young transients',
  contact: 'hu@example.org',
  streams: ['ztf'],
  access: ['ZTF_PUB'],
  t0: { ztf: use('DecentFilter') },
  t2: [use('T2LightCurveSummary')],
  t3: [{ ...rule, afterDays: 3, unless: 'detection' }],
};

describe('the plan of a channel', () => {
  it('names filter, computations and reactions as a list for the Temporal UI', () => {
    expect(channelPlan({ channel, hash: '5b9019b543c16fdc44de' }).split('\n')).toEqual([
      '**HU_RAPID** 1.2.0, revision 5b9019b543c1',
      '',
      'Young transients',
      '',
      '- reads **ztf** alerts with the data rights ZTF_PUB',
      '- T0: DecentFilter 1.0.0',
      '- T2: T2LightCurveSummary 1.0.0',
      '- T3: single-night: WebhookReaction 1.0.0, 3 days after the first accepted alert unless another is accepted',
      '- contact: hu@example.org',
    ]);
  });

  it('fits one line as a summary', () => {
    expect(channelSummary(channel)).toBe('HU_RAPID 1.2.0: DecentFilter on ztf, 1 computation, 1 reaction');
  });

  it.each<[Partial<ReactionRule>, string]>([
    [{}, 'at the first accepted alert'],
    [{ when: 'detection', afterDays: 0.5 / 24 }, '30 min after each accepted alert'],
    [{ when: 'detection', afterDays: 2 / 24 }, '2 h after each accepted alert'],
    [{ when: { result: 'T2Fit' }, afterDays: 1 }, '1 day after the first result of T2Fit'],
  ])('says when a rule reacts: %j', (change, text) => {
    expect(whenText({ ...rule, ...change })).toBe(text);
  });
});
