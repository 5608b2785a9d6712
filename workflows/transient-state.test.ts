import type { Deadline } from '../model/deadline.js';
import { unixMsOfJd } from '../model/julian-date.js';
import type { DecideOutcome, DetectionRef, UnitTask } from '../model/transient.js';
import { TransientState, type TransientInput } from './transient-state.js';

const SET_JD = 2459000.75;
const NOW_MS = unixMsOfJd(SET_JD);
const DAY_MS = 86_400_000;

const LIVE: TransientInput = { survey: 'ztf', objectId: 'ZTF20aaa', stock: '4711', clock: 'live' };
const ARCHIVE: TransientInput = { ...LIVE, clock: { stream: 'june' } };

const FIRST: DetectionRef = { alertId: '1', jd: SET_JD, channels: ['HU_RAPID@abc'] };
const SECOND: DetectionRef = { ...FIRST, alertId: '2', jd: SET_JD + 1 };
const FIT: UnitTask = { ...FIRST, key: 'fit', unit: 'T2RunSncosmo', link: '12' };
const ASK: Deadline = {
  ...{ key: 'HU_RAPID/ask/4711', channel: 'HU_RAPID', channelHash: 'abc', rule: 'ask' },
  ...{ alertId: '1', setJd: SET_JD, link: '12', dueJd: SET_JD + 3, unless: 'detection' },
};

function outcome(parts: Partial<DecideOutcome>): DecideOutcome {
  return { decisions: [], tasks: [], due: [], pending: [], settled: [], computed: 0, ...parts };
}

/** A transient that has decided on its first alert, with this outcome. */
function afterFirstAlert(input: TransientInput, parts: Partial<DecideOutcome>): TransientState {
  const state = new TransientState(input, NOW_MS);
  state.addDetections([FIRST], NOW_MS);
  state.takeDetections(NOW_MS);
  state.decided(outcome(parts));
  return state;
}

describe('TransientState in time', () => {
  it('wakes for a deadline in live operation when the wall clock has passed it, once', () => {
    const state = afterFirstAlert(LIVE, { pending: [ASK], settled: [ASK.key] });
    const wake = state.nextWake();

    expect(wake?.for).toBe(ASK);
    expect(state.takeReactions(NOW_MS + 3 * DAY_MS - 10)).toEqual([]);
    expect(state.takeReactions(wake?.atMs ?? 0)).toEqual([ASK]);
    expect(state.takeReactions(wake?.atMs ?? 0)).toEqual([]);
  });

  it('needs no timer for a deadline of an archive: only its clock passes it', () => {
    const state = afterFirstAlert(ARCHIVE, { pending: [ASK], settled: [ASK.key] });

    expect(state.nextWake()).toBeUndefined();
    expect(state.takeReactions(NOW_MS + 100 * DAY_MS)).toEqual([]);
    state.advanceClock(SET_JD + 2.9, NOW_MS);
    expect(state.takeReactions(NOW_MS)).toEqual([]);
    state.advanceClock(SET_JD + 3, NOW_MS);
    expect(state.takeReactions(NOW_MS)).toEqual([ASK]);
  });

  it('lets no time pass backwards and ignores a clock that is no number', () => {
    const state = afterFirstAlert(ARCHIVE, { pending: [ASK], settled: [ASK.key] });
    state.advanceClock(SET_JD + 5, NOW_MS);
    state.advanceClock(SET_JD + 1, NOW_MS);
    state.advanceClock(NaN, NOW_MS);

    expect(state.takeReactions(NOW_MS)).toEqual([ASK]);
  });

  it('lets nothing fall due before an alert that came first is decided: it may call the reaction off', () => {
    const state = afterFirstAlert(ARCHIVE, { pending: [ASK], settled: [ASK.key] });
    state.addDetections([SECOND], NOW_MS);
    state.advanceClock(SET_JD + 4, NOW_MS);
    expect(state.takeReactions(NOW_MS)).toEqual([]);
    state.takeDetections(NOW_MS);
    expect(state.takeReactions(NOW_MS)).toEqual([]);
    state.decided(outcome({ settled: [ASK.key] }));

    expect(state.takeReactions(NOW_MS)).toEqual([]);
    expect(state.status().waiting).toEqual([]);
  });

  it('computes first, in an archive, what live operation has computed by the time a deadline is due', () => {
    const due = { ...ASK, dueJd: SET_JD + 1 };
    const archive = afterFirstAlert(ARCHIVE, { tasks: [FIT], pending: [due], settled: [ASK.key] });
    archive.units.take();
    archive.advanceClock(SET_JD + 2, NOW_MS);
    expect(archive.takeReactions(NOW_MS)).toEqual([]);
    archive.unitSucceeded(FIT.key, { code: 0, deadlines: [] });
    expect(archive.takeReactions(NOW_MS)).toEqual([due]);

    const live = afterFirstAlert(LIVE, { tasks: [FIT], pending: [due], settled: [ASK.key] });
    live.units.take();
    expect(live.takeReactions(NOW_MS + DAY_MS + 1)).toEqual([due]);
  });

  it('lets a reaction without a wait go before the computations, in an archive too', () => {
    const atOnce = { ...ASK, dueJd: SET_JD };
    expect(afterFirstAlert(ARCHIVE, { tasks: [FIT], due: [atOnce] }).takeReactions(NOW_MS)).toEqual([atOnce]);
  });

  it('keeps a transient open while it waits, also long after the last news', () => {
    for (const input of [LIVE, ARCHIVE]) {
      const waits = afterFirstAlert(input, { pending: [{ ...ASK, dueJd: SET_JD + 1000 }], settled: [ASK.key] });
      expect(waits.isQuiet(NOW_MS + 999 * DAY_MS)).toBe(false);
      const fits = afterFirstAlert(input, { tasks: [FIT] });
      expect(fits.isQuiet(NOW_MS + 999 * DAY_MS)).toBe(false);
    }
  });

  it('closes a month after the last detection in live operation, minutes after an archive has passed', () => {
    const live = afterFirstAlert(LIVE, {});
    expect(live.nextWake()).toEqual({ atMs: NOW_MS + 30 * DAY_MS, for: 'quiet' });
    expect(live.isQuiet(NOW_MS + 30 * DAY_MS)).toBe(true);
    const archive = afterFirstAlert(ARCHIVE, {});
    expect(archive.nextWake()?.atMs).toBe(NOW_MS + 600_000);
  });

  it('stays open for on-call while a unit has failed', () => {
    const state = afterFirstAlert(ARCHIVE, { tasks: [FIT] });
    state.units.take();
    state.unitFailed(FIT.key, 'no template');

    expect(state.isQuiet(NOW_MS + DAY_MS)).toBe(false);
    expect(state.isQuiet(NOW_MS + 30 * DAY_MS)).toBe(true);
  });
});

describe('TransientState at work', () => {
  it('reports a store that is away, waits, and goes on where it was', () => {
    const state = new TransientState(LIVE, NOW_MS);
    state.addDetections([FIRST], NOW_MS);
    state.takeDetections(NOW_MS);
    state.decideFailed('no primary', NOW_MS);

    expect(state.stage).toBe('cannot decide');
    expect(state.status()).toMatchObject({ alerts: 0, queued: 1, problem: { error: 'no primary' } });
    expect(state.nextWake()?.atMs).toBe(NOW_MS + 10_000);
    expect(state.takeDetections(NOW_MS + 10_000)).toEqual([FIRST]);
    state.decided(outcome({}));
    expect(state.stage).toBe('following');
  });

  it('counts every change, so that nothing that happens meanwhile is slept over', () => {
    const state = new TransientState(LIVE, NOW_MS);
    const counts = [
      () => {
        state.addDetections([FIRST], NOW_MS);
      },
      () => {
        state.takeDetections(NOW_MS);
        state.decided(outcome({ tasks: [FIT], due: [ASK] }));
      },
      () => {
        state.units.take();
        state.unitFailed(FIT.key, 'no template');
      },
      () => {
        state.rerun(FIT.unit, 'again (jn)');
      },
      () => {
        state.units.take();
        state.unitSucceeded(FIT.key, { code: 0, deadlines: [] });
      },
      () => {
        state.takeReactions(NOW_MS);
        state.reactionEnded(ASK);
      },
      () => {
        state.wake();
      },
    ].map((happens) => {
      happens();
      return state.changes;
    });

    expect(counts).toEqual([...new Set(counts)]);
  });

  it('starts a reaction that is under way only once', () => {
    const state = afterFirstAlert(LIVE, { due: [ASK] });
    expect(state.takeReactions(NOW_MS)).toEqual([ASK]);
    state.addDetections([SECOND], NOW_MS);
    state.takeDetections(NOW_MS);
    state.decided(outcome({ due: [ASK] }));

    expect(state.takeReactions(NOW_MS)).toEqual([]);
  });

  it('starts a reaction once that is due twice at once', () => {
    const state = afterFirstAlert(LIVE, { due: [ASK, { ...ASK, channelHash: 'def' }] });
    expect(state.takeReactions(NOW_MS)).toHaveLength(1);
  });

  it('hands everything to the next run as plain JSON: queue, deadlines, failed and running units, reactions, clock', () => {
    const tell = { ...ASK, key: 'HU_RAPID/tell/4711', dueJd: SET_JD };
    const state = afterFirstAlert(ARCHIVE, { tasks: [FIT], due: [tell], pending: [ASK] });
    state.units.take();
    state.takeReactions(NOW_MS);
    state.addDetections([SECOND], NOW_MS + 5);
    state.advanceClock(SET_JD + 1, NOW_MS + 6);
    const carried = JSON.parse(JSON.stringify(state.carried())) as TransientInput['carried'];
    const next = new TransientState({ ...ARCHIVE, ...(carried && { carried }) }, NOW_MS + 7);

    expect(next.carried()).toEqual(state.carried());
    expect(next.units.take()).toEqual([{ task: FIT }]);
    expect(next.takeReactions(NOW_MS)).toEqual([tell]);
    expect(next.takeDetections(NOW_MS)).toEqual([SECOND]);
  });
});
