import type { Channel } from '../model/channel.js';
import type { JournalDocument, ObjectReaction } from '../store/documents.js';
import { decisionLines, shortHash, type DecisionRecords } from './decision-line.js';

const HASH = '8f890c998d08aaaaaaaaaaaa';
const JD = 2458349.5;
const TRACE = { workflowId: 'transient/ZTF18abxhyqv', runId: 'r', activityId: '1' };
const UNIT = { unit: 'DecentFilter', version: '1.0.0', config: {}, configHash: 'fdaf6f91' };

const CHANNEL: Channel = {
  ...{ name: 'HU_RAPID', version: '1', streams: ['ztf'], access: ['ZTF_PUB'], t0: { ztf: UNIT }, t2: [] },
  t3: [{ ...UNIT, unit: 'Hook', configHash: 'c0ffee', name: 'lonely', when: 'accepted', afterDays: 3 }],
};

function entry(changes: Partial<JournalDocument>): JournalDocument {
  return {
    ...{ _id: 't0/ztf:1/HU_RAPID@8f890c998d08', tier: 't0', stock: '7', objectId: 'ZTF18abxhyqv', channel: 'HU_RAPID' },
    ...{ channelHash: HASH, alertId: '1', jd: JD, sequence: 1, unit: 'DecentFilter', version: '1.0.0' },
    ...{ configHash: 'fdaf6f91', outcome: 'accepted', trace: TRACE, at: new Date(0), ...changes },
  };
}

function reaction(changes: Partial<ObjectReaction>): ObjectReaction {
  return {
    ...{ _id: 'HU_RAPID/lonely/7', channel: 'HU_RAPID', channelHash: HASH, rule: 'lonely', unit: 'Hook' },
    ...{ objectId: 'ZTF18abxhyqv', stock: '7', alertId: '1', link: '99', dueJd: JD + 3, state: 'confirmed' },
    ...{ attempts: 1, at: new Date(0), ...changes },
  };
}

function records(changes: Partial<DecisionRecords>): DecisionRecords {
  const revisions = new Map([[shortHash(HASH), CHANNEL]]);
  return { journal: [], reactions: [], rejections: [], revisions, ...changes };
}

describe('the decisions on an object', () => {
  it('stand in order of event time, filter before computation before reaction', () => {
    const journal = [
      entry({ _id: 't3/HU_RAPID/lonely/7', tier: 't3', jd: JD + 3, sequence: 0, outcome: 'confirmed' }),
      entry({ _id: 't2/b', tier: 't2', jd: JD + 1, outcome: 'computed' }),
      entry({ _id: 't0/b', jd: JD + 1, sequence: 2 }),
      entry({ _id: 't0/a' }),
    ];
    const lines = decisionLines(records({ journal }));
    expect(lines.map(({ jd, tier }) => `${jd - JD} ${tier}`)).toEqual(['0 t0', '1 t0', '1 t2', '3 t3']);
  });

  it('have a line for each channel that a computation was made for, with its revision', () => {
    const channelHash = 'HU_RAPID@8f890c998d08, OTHER@0123456789ab';
    const journal = [entry({ tier: 't2', channel: 'HU_RAPID, OTHER', channelHash, outcome: 'computed' })];
    const told = (channel?: string): string[] =>
      decisionLines(records({ journal }), channel).map((line) => `${line.channel} ${line.revision}`);
    expect(told()).toEqual(['HU_RAPID 8f890c998d08', 'OTHER 0123456789ab']);
    expect(told('OTHER')).toEqual(['OTHER 0123456789ab']);
  });

  it('hold what only a receipt tells, with the code of the channel revision that refused', () => {
    const why = { reason: 'tSpan', field: 'jd', value: 24.9, limit: 5 };
    const rejections = [{ channel: 'HU_RAPID', hash: HASH, alertId: '2', objectId: 'ZTF18abxhyqv', jd: JD, ...why }];
    expect(decisionLines(records({ rejections }))).toEqual([
      {
        ...{ jd: JD, tier: 't0', channel: 'HU_RAPID', revision: '8f890c998d08', alertId: '2', outcome: 'rejected' },
        ...{ ...why, unit: 'DecentFilter', version: '1.0.0', configHash: 'fdaf6f91', decidedBy: 'screen' },
      },
    ]);
  });

  it('hold a reaction that was called off, at the time when it was due', () => {
    const lines = decisionLines(records({ reactions: [reaction({ state: 'called off' }), reaction({})] }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      ...{ jd: JD + 3, tier: 't3', outcome: 'called off', rule: 'lonely', unit: 'Hook', configHash: 'c0ffee' },
    });
  });

  it('name the rule of each reaction, of a failed try as well', () => {
    const journal = ['t3/HU_RAPID/lonely/7', 't3/HU_RAPID/lonely/7/outcome unknown/2', 't3/gone'].map((_id) =>
      entry({ _id, tier: 't3' }),
    );
    const lines = decisionLines(records({ journal, reactions: [reaction({})] }));
    expect(lines.map(({ rule }) => rule)).toEqual(['lonely', 'lonely', undefined]);
  });
});
