import type { DecisionLine } from './decision-line.js';
import { decisionSentence, decisionSentences } from './decision-sentence.js';

const PLAIN: Omit<DecisionLine, 'reason' | 'field' | 'value' | 'limit'> = {
  ...{ tier: 't0', channel: 'HU_RAPID', revision: '8f890c998d08', alertId: '595147624915010001', outcome: 'rejected' },
  ...{ jd: 2458349.7583334, unit: 'DecentFilter', version: '1.0.0', configHash: 'fdaf6f91ad5c', decidedBy: 'screen' },
};
const CUT = { reason: 'tSpan', field: 'jd', value: 24.898_765_43, limit: 5 };
const REJECTED: DecisionLine = { ...PLAIN, ...CUT };
const ACCEPTED: DecisionLine = {
  ...{ jd: 2458349.5, tier: 't0', channel: 'HU_RAPID', revision: '8f890c998d08', alertId: '42', outcome: 'accepted' },
  ...{ unit: 'DecentFilter', version: '1.0.0', configHash: 'fdaf6f91ad5c', link: '-118318261', decidedBy: 'transient' },
};

function said(line: DecisionLine): string {
  return decisionSentence(line, (_, reason) => (reason === 'tSpan' ? 'seen for too long' : undefined));
}

describe('a decision in words', () => {
  it('of a rejected alert has the first cut that failed, what the alert has, what the channel asks, and the code', () => {
    expect(said(REJECTED)).toBe(
      '2018-08-19 06:12  alert 595147624915010001: HU_RAPID rejected it: tSpan 24.8988 (field jd), limit 5 ' +
        '(DecentFilter 1.0.0, config fdaf6f91): seen for too long',
    );
  });

  it('does not name a field twice where the cut is named after it', () => {
    const rejected = { ...REJECTED, reason: 'rb', field: 'rb', value: 0.123_456_789, limit: 0.3 };
    expect(said(rejected)).toMatch(/rejected it: rb 0\.123457, limit 0\.3 \(DecentFilter 1\.0\.0, config fdaf6f91\)$/);
  });

  it('names the field that is missing, which has neither value nor limit', () => {
    expect(said({ ...PLAIN, reason: 'missing', field: 'sgscore1' })).toContain(
      'rejected it: missing (field sgscore1) (DecentFilter',
    );
  });

  it('tells a value that is null', () => {
    expect(said({ ...REJECTED, reason: 'drb', field: 'drb', value: null, limit: 0.5 })).toContain(
      'drb null, limit 0.5',
    );
  });

  it('of an accepted alert has the state it made and the group', () => {
    expect(said(ACCEPTED)).toBe(
      '2018-08-19 00:00  alert 42: HU_RAPID accepted it, which made state -118318261 (DecentFilter 1.0.0, config fdaf6f91)',
    );
    expect(said({ ...ACCEPTED, group: 2 })).toContain('HU_RAPID accepted it into group 2, which');
  });

  it('of a computation has unit, state and, where it failed, the error', () => {
    const computed: DecisionLine = { ...ACCEPTED, tier: 't2', outcome: 'computed', unit: 'T2Fit' };
    expect(said(computed)).toBe(
      '2018-08-19 00:00  alert 42: HU_RAPID: computed from state -118318261 (T2Fit 1.0.0, config fdaf6f91)',
    );
    expect(said({ ...computed, outcome: 'failed', reason: 'no template' })).toMatch(
      /: failed from state .*\): no template$/,
    );
  });

  it.each([
    ['confirmed', 'sent and confirmed: 200 OK'],
    ['failed', 'refused by its receiver: 200 OK'],
    ['outcome unknown', 'sent, but no answer came: 200 OK'],
    ['called off', 'called off by another detection before this, when it was due: 200 OK'],
  ])('of a reaction that is %s says what came of it', (outcome, words) => {
    const reaction: DecisionLine = {
      ...ACCEPTED,
      tier: 't3',
      rule: 'first-light',
      unit: 'Hook',
      outcome,
      reason: '200 OK',
    };
    expect(said(reaction)).toBe(
      `2018-08-19 00:00  HU_RAPID: reaction first-light to alert 42 ${words} (Hook 1.0.0, config fdaf6f91)`,
    );
  });

  it('says so where the code is not known', () => {
    const line = said({ ...PLAIN, ...CUT, unit: '', version: '', configHash: '' });
    expect(line).toMatch(/, limit 5 \(unknown unit\)/);
  });
});

describe('decisions in words', () => {
  it('tell tries of a reaction that end alike once, with their number', () => {
    const tried: DecisionLine = {
      ...ACCEPTED,
      ...{ tier: 't3', outcome: 'outcome unknown', rule: 'new-candidate', unit: 'WebhookReaction' },
    };
    const sentences = decisionSentences([ACCEPTED, tried, tried, tried, REJECTED, tried], () => undefined);
    expect(sentences.map((sentence) => /\d+ times/.exec(sentence)?.[0])).toEqual([
      ...[undefined, '3 times', undefined, undefined],
    ]);
  });
});
