import { trialLine, TrialTally } from './trial.js';

const alert = { alertId: '673285273115015035', objectId: 'ZTF18abxhyqv', jd: 2458427.7852778 };

describe("a filter's verdict as a line of output", () => {
  it('has the first cut that failed, with value and limit', () => {
    const line = trialLine(alert, { accepted: false, reason: 'nDet', field: 'nDet', value: 1, limit: 2 });
    expect(JSON.stringify(line)).toBe(
      '{"alertId":"673285273115015035","objectId":"ZTF18abxhyqv","jd":2458427.7852778,' +
        '"accepted":false,"reason":"nDet","field":"nDet","value":1,"limit":2}',
    );
  });

  it('has nothing of that for an accepted alert', () => {
    expect(Object.keys(trialLine(alert, { accepted: true }))).toEqual(['alertId', 'objectId', 'jd', 'accepted']);
  });
});

describe('the counts of a trial', () => {
  it('are by reason, the most frequent first, and by accepted object', () => {
    const tally = new TrialTally();
    for (const reason of ['rb', 'nDet', 'nDet']) tally.add(trialLine(alert, { accepted: false, reason }));
    for (const jd of [2458639.9586458, 2458636.9639931]) tally.add(trialLine({ ...alert, jd }, { accepted: true }));
    const [head, rejected = '', accepted = ''] = tally.text('HU_RAPID', { nDet: 'too few' }).split('\n\n');
    expect(head).toBe('HU_RAPID: 2 of 5 alerts accepted, 1 object');
    expect(rejected.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^nDet +2 +40\.0 % +too few$/),
      expect.stringMatching(/^rb +1 +20\.0 %$/),
    ]);
    expect(accepted.split('\n').at(-1)).toMatch(/^ZTF18abxhyqv +2 +2458636\.96399 +2458639\.95865$/);
  });

  it('name the first fifty objects and how many more there are', () => {
    const tally = new TrialTally();
    for (let i = 0; i < 60; i++) tally.add(trialLine({ ...alert, objectId: `ZTF18aaaaa${i}` }, { accepted: true }));
    expect(tally.text('ALL', {})).toMatch(/\nZTF18aaaaa49 .*\n… and 10 more, see --json$/);
  });
});
