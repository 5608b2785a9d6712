import type { Deadline } from '../model/deadline.js';
import type { DetectionRef } from '../model/transient.js';
import { decideSummary, reactionSummary, transientDetails, unitSummary, wakeSummary } from './transient-words.js';

const ALERT: DetectionRef = { alertId: '1234', jd: 2459000.25, channels: ['HU_RAPID@abc', 'HU_SLOW@def'] };
const FIT = { ...ALERT, key: 'k', unit: 'T2RunSncosmo', link: '12' };
const ASK: Deadline = {
  ...{ key: 'k', channel: 'HU_RAPID', channelHash: 'abc', rule: 'ask', alertId: '1234' },
  ...{ setJd: 2459000.75, link: '12', dueJd: 2459003.75 },
};
const NOTHING = { alerts: 0, queued: 0, running: [], failed: [], reacting: [], waiting: [] };

describe('the summary of a step', () => {
  it('names alert, observing night and channels of a decision', () => {
    expect(decideSummary([ALERT])).toBe('decide on alert 1234 of 2020-05-30 for HU_RAPID, HU_SLOW');
  });

  it('names all nights of several alerts', () => {
    const later = { ...ALERT, jd: ALERT.jd + 2, channels: ['HU_RAPID@abc'] };
    expect(decideSummary([ALERT, later])).toBe('decide on 2 alerts of 2020-05-30, 2020-06-01 for HU_RAPID, HU_SLOW');
  });

  it('tells who asked for a unit again and why', () => {
    expect(unitSummary({ task: FIT })).toBe('T2RunSncosmo on state 12');
    expect(unitSummary({ task: FIT, because: 'mended (jn)' })).toBe('T2RunSncosmo on state 12 again: mended (jn)');
  });

  it('tells which alert set a reaction off, and what a timer waits for', () => {
    expect(reactionSummary(ASK)).toBe('HU_RAPID: ask (set off by alert 1234)');
    expect(wakeSummary({ atMs: 0, for: ASK })).toBe('HU_RAPID: ask');
    expect(wakeSummary({ atMs: 0, for: { ...ASK, unless: 'detection' } })).toBe(
      'HU_RAPID: ask unless another detection',
    );
    expect(wakeSummary({ atMs: 0, for: 'quiet' })).toBe('close if quiet until then');
    const problem = { error: 'no primary', attempts: 1, retryAtMs: 0 };
    expect(wakeSummary({ atMs: 0, for: problem })).toBe('decide again, after: no primary');
  });

  it('is short enough for the server, whatever an error says', () => {
    expect(unitSummary({ task: FIT, because: 'x'.repeat(1_000) })).toHaveLength(200);
  });
});

describe('the details of a transient', () => {
  it('tell what is queued, wrong, running, failed and waited for, until when', () => {
    const status = {
      ...{ alerts: 12, queued: 1, problem: { error: 'no primary', attempts: 3, retryAtMs: 0 } },
      ...{ running: ['T2RunSncosmo'], failed: [{ ...FIT, error: 'no template' }], reacting: ['HU_RAPID: tell'] },
      waiting: [ASK],
    };

    expect(transientDetails('ZTF20abc', 'live', status).split('\n')).toEqual([
      '**ZTF20abc**, alerts decided: 12',
      '',
      '- alerts that wait for their decision: 1',
      '- decisions fail (3 times): no primary',
      '- runs T2RunSncosmo',
      '- **failed**: T2RunSncosmo on state 12: no template',
      '- reacts: HU_RAPID: tell',
      '- waits: HU_RAPID: ask, until 2020-06-03T06:00 UTC',
    ]);
  });

  it('give the time of the stream where that is the clock', () => {
    const details = transientDetails('ZTF20abc', { stream: 'june' }, { ...NOTHING, waiting: [ASK] });
    expect(details).toContain('until JD 2459003.7500 of stream june');
  });

  it('stay short where much has failed', () => {
    const failed = Array.from({ length: 200 }, () => ({ ...FIT, error: 'no template' }));
    const lines = transientDetails('ZTF20abc', 'live', { ...NOTHING, failed }).split('\n');

    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toBe('- and 180 more');
  });
});
