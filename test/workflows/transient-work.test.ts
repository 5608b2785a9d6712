import { ApplicationFailure } from '@temporalio/common';
import { clockSignal, detectionsSignal, rerunUpdate, statusQuery } from '../../workflows/transient.js';
import { gate } from './gate.js';
import { eventTypes, hasActed, isAtRest } from './history.js';
import { MemoryBroker } from './memory-broker.js';
import { refusal } from './refusal.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { detect, nowJd } from './transient-handle.js';
import { stageOf } from './stage.js';
import { waitFor } from './wait-for.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const DAY_MS = 86_400_000;
const JD = 2459000.75;
const ARCHIVE = { clock: { stream: 'june' } };

describe('a transient', () => {
  it('decides once on an accepted alert that a stream delivers three times', async () => {
    const broker = new MemoryBroker();
    rig.use(broker);
    const alert = broker.detection('1', JD);
    const handle = await detect(rig, 'ZTF20once', [alert, alert], ARCHIVE);
    await waitFor(() => broker.log.length > 0);
    await waitFor(() => isAtRest(handle));
    await detect(rig, 'ZTF20once', [alert, broker.detection('2', JD + 1)], ARCHIVE);
    await waitFor(() => broker.log.length > 1);

    expect(broker.log).toEqual(['decided 1', 'decided 2']);
    expect(broker.requests.map(({ detections }) => detections.length)).toEqual([1, 1]);
    await waitFor(() => isAtRest(handle));
    await replays('transient--drops-duplicates', handle);
  });

  it('decides on the alerts that a decision did not know of, as one that a task before began', async () => {
    const broker = new MemoryBroker();
    let decisions = 0;
    rig.use(broker, {
      decide: async (request) => {
        const detections = ++decisions === 1 ? request.detections.slice(0, 1) : request.detections;
        const took = { alerts: detections.map(({ alertId }) => alertId), deadlines: [] };
        return { ...(await broker.decide({ ...request, detections })), took };
      },
    });
    const alerts = ['1', '2', '3'].map((alertId) => broker.detection(alertId, JD + Number(alertId)));
    const handle = await detect(rig, 'ZTF20stale', alerts, ARCHIVE);
    await waitFor(() => broker.log.length > 2);
    await waitFor(() => isAtRest(handle));

    expect(broker.log).toEqual(['decided 1', 'decided 2', 'decided 3']);
    expect(await handle.query(statusQuery)).toMatchObject({ alerts: 3, queued: 0 });
    await replays('transient--decides-on-what-a-decision-left', handle);
  });

  it('spends five events on a further detection: the signal, one workflow task, and the decision', async () => {
    const broker = new MemoryBroker();
    rig.use(broker);
    const handle = await detect(rig, 'ZTF20cheap', [broker.detection('1', JD)], ARCHIVE);
    await waitFor(() => broker.log.length > 0);
    const lengths: number[] = [];
    for (const alertId of ['2', '3', '4']) {
      await waitFor(() => isAtRest(handle));
      lengths.push((await eventTypes(handle)).length);
      await handle.signal(detectionsSignal, [broker.detection(alertId, JD + Number(alertId))]);
    }
    await waitFor(() => isAtRest(handle));

    expect(lengths).toEqual([7, 12, 17]);
  });

  it('closes after a month without news and is reopened by the next detection, which asks the store what is known', async () => {
    const broker = new MemoryBroker();
    rig.use(broker);
    const first = await detect(rig, 'ZTF20quiet', [broker.detection('1', await nowJd(rig))]);
    await waitFor(() => broker.log.length > 0);
    await waitFor(() => isAtRest(first));
    await rig.env.sleep(31 * DAY_MS);
    await first.result();
    await replays('transient--closes-when-quiet', first);

    const again = await detect(rig, 'ZTF20quiet', [broker.detection('2', await nowJd(rig))]);
    await waitFor(() => broker.log.length > 1);
    await waitFor(() => isAtRest(again));
    expect(broker.log).toEqual(['decided 1', 'decided 2']);
    expect(broker.requests.map(({ settled }) => settled)).toEqual([undefined, undefined]);
  });
});

describe('a transient that meets what it cannot understand', () => {
  it('goes on after a signal that is none', async () => {
    const broker = new MemoryBroker();
    rig.use(broker);
    const handle = await detect(rig, 'ZTF20typo', [broker.detection('1', JD)], ARCHIVE);
    await handle.signal('clock', 'tomorrow');
    await handle.signal('detections', { alertId: '2' });
    await handle.signal(detectionsSignal, [broker.detection('3', JD + 1)]);
    await waitFor(() => broker.log.length > 1);

    expect(broker.log).toEqual(['decided 1', 'decided 3']);
    await waitFor(() => isAtRest(handle));
    await replays('transient--leaves-out-what-is-no-detection', handle);
  });

  it('waits for a repair and loses no alert where a program error stops it', async () => {
    const broker = new MemoryBroker();
    let decisions = 0;
    rig.use(broker, {
      decide: (request) => (++decisions < 2 ? Promise.resolve(JSON.parse('{}')) : broker.decide(request)),
    });
    const handle = await detect(rig, 'ZTF20bug', [broker.detection('1', JD)], ARCHIVE);
    await waitFor(() => broker.log.length > 0);
    await waitFor(() => isAtRest(handle));

    expect(broker.log).toEqual(['decided 1']);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await replays('transient--goes-on-after-a-program-error', handle);
  });
});

describe('a transient whose unit fails for good', () => {
  const noTemplate = (): Promise<never> => Promise.reject(ApplicationFailure.nonRetryable('no template', 'UnitFailed'));

  it('decides on, keeps the failure in its ledger, and runs the unit again when a person says why', async () => {
    const broker = new MemoryBroker([], ['T2Fit']);
    rig.use(broker, { runUnit: noTemplate });
    const handle = await detect(rig, 'ZTF20fails', [broker.detection('1', JD)], ARCHIVE);
    await waitFor(async () => (await handle.query(statusQuery)).failed.length > 0);
    await handle.signal(detectionsSignal, [broker.detection('2', JD + 1)]);
    await waitFor(async () => (await handle.query(statusQuery)).failed.length > 1);

    expect(broker.log).toEqual(['decided 1', 'decided 2']);
    expect(await handle.query(statusQuery)).toMatchObject({ failed: [{ link: 'state-1', error: 'no template' }, {}] });
    expect(await stageOf(handle)).toBe('failed unit');

    rig.use(broker);
    const request = { unit: 'T2Fit', requestedBy: 'jn', reason: 'templates are back' };
    expect(await handle.executeUpdate(rerunUpdate, { args: [request] })).toBe(2);
    await waitFor(async () => (await handle.query(statusQuery)).failed.length === 0);
    expect(broker.log.slice(2).sort()).toEqual(['T2Fit on state-1', 'T2Fit on state-2']);
    await waitFor(async () => (await stageOf(handle)) === 'following');
    await replays('transient--failed-unit-is-run-again', handle);
  });

  it('refuses a rerun without a reason, and of a unit that has not failed', async () => {
    const broker = new MemoryBroker([], ['T2Fit']);
    rig.use(broker, { runUnit: noTemplate });
    const handle = await detect(rig, 'ZTF20refuses', [broker.detection('1', JD)], ARCHIVE);
    await waitFor(async () => (await handle.query(statusQuery)).failed.length > 0);
    const rerun = (unit: string, reason: string): Promise<unknown> =>
      refusal(handle.executeUpdate(rerunUpdate, { args: [{ unit, requestedBy: 'jn', reason }] }));

    expect(await rerun('T2Fit', '')).toBe('requestedBy and reason are required');
    expect(await rerun('T2Fti', 'typo')).toBe('T2Fti has not failed: failed are T2Fit');
    expect((await handle.query(statusQuery)).running).toEqual([]);
  });
});

describe('a transient whose receiver is away', () => {
  it('tries the reaction again and decides on meanwhile', async () => {
    const broker = new MemoryBroker([{ name: 'tell', when: 'accepted', afterDays: 0 }]);
    let attempts = 0;
    rig.use(broker, {
      react: (request) => (++attempts < 2 ? Promise.reject(new Error('503')) : broker.react(request)),
    });
    const handle = await detect(rig, 'ZTF20away', [broker.detection('1', JD)], ARCHIVE);
    await waitFor(() => attempts > 0);
    await handle.signal(detectionsSignal, [broker.detection('2', JD + 1)]);
    await waitFor(() => broker.log.includes('decided 2'));
    expect(broker.sent).toEqual([]);

    // In real time: the server skips none while an activity waits for its next try.
    await waitFor(() => isAtRest(handle));
    expect(broker.log).toEqual(['decided 1', 'decided 2', 'tell of 1']);
    await replays('transient--reaction-is-tried-again', handle);
  });

  it('goes on where the receiver has refused', async () => {
    const broker = new MemoryBroker([{ name: 'tell', when: 'detection', afterDays: 0 }]);
    let attempts = 0;
    const react = (): Promise<never> => {
      attempts++;
      return Promise.reject(ApplicationFailure.nonRetryable('401', 'ReactionRefused'));
    };
    rig.use(broker, { react });
    const handle = await detect(rig, 'ZTF20refused', [broker.detection('1', JD)], ARCHIVE);
    await waitFor(() => attempts > 0);
    await waitFor(() => isAtRest(handle));
    rig.use(broker);
    await handle.signal(detectionsSignal, [broker.detection('2', JD + 1)]);
    await waitFor(() => broker.sent.length > 0);

    expect(broker.log).toEqual(['decided 1', 'decided 2', 'tell of 2']);
    await waitFor(() => isAtRest(handle));
    await replays('transient--reaction-refused', handle);
  });
});

describe('a transient whose store is away', () => {
  it('answers what is wrong, keeps the alerts in order and decides on them when the store is back', async () => {
    const broker = new MemoryBroker();
    rig.use(broker, { decide: () => Promise.reject(new Error('no primary')) });
    const handle = await detect(rig, 'ZTF20store', [broker.detection('1', JD)], ARCHIVE);
    await waitFor(async () => (await handle.query(statusQuery)).problem !== undefined);
    await handle.signal(detectionsSignal, [broker.detection('2', JD + 1)]);
    await waitFor(async () => (await handle.query(statusQuery)).queued > 1);
    expect(await handle.query(statusQuery)).toMatchObject({ alerts: 0, problem: { error: 'no primary', attempts: 1 } });
    expect(await stageOf(handle)).toBe('cannot decide');

    rig.use(broker);
    await rig.env.sleep(11_000);
    await waitFor(() => isAtRest(handle));
    expect(broker.requests.map(({ detections }) => detections.map(({ alertId }) => alertId))).toEqual([['1', '2']]);
    expect(await handle.query(statusQuery)).toMatchObject({ alerts: 2, queued: 0 });
    await waitFor(async () => (await stageOf(handle)) === 'following');
    await replays('transient--decisions-fail-for-a-while', handle);
  });
});

describe('a transient with a long history', () => {
  it('continues as a new run that knows the alerts, what is pending, and what has failed', async () => {
    const rule = { name: 'ask', when: 'accepted', afterDays: 3, unless: 'detection' } as const;
    const broker = new MemoryBroker([rule], ['T2Fit']);
    rig.use(broker, { runUnit: () => Promise.reject(ApplicationFailure.nonRetryable('no template', 'UnitFailed')) });
    const alert = broker.detection('1', JD);
    const handle = await detect(rig, 'ZTF20long', [alert], { ...ARCHIVE, maxHistoryEvents: 30 });
    await waitFor(async () => (await handle.query(statusQuery)).failed.length > 0);
    const { runId } = await handle.describe();
    const before = await handle.query(statusQuery);
    expect(before).toMatchObject({ alerts: 1, waiting: [{ rule: 'ask' }], failed: [{ unit: 'T2Fit' }] });
    for (let step = 0; (await handle.describe()).runId === runId; step++) {
      await handle.signal(clockSignal, JD + step / 1_000);
      await waitFor(() => isAtRest(handle));
    }

    expect(await handle.query(statusQuery)).toEqual(before);
    await replays('transient--continues-as-new', rig.env.client.workflow.getHandle(handle.workflowId, runId));

    rig.use(broker);
    await handle.signal(detectionsSignal, [alert]);
    await handle.executeUpdate(rerunUpdate, { args: [{ unit: 'T2Fit', requestedBy: 'jn', reason: 'mended' }] });
    await handle.signal(clockSignal, JD + 3);
    await waitFor(() => broker.sent.length > 0);
    await waitFor(async () => (await handle.query(statusQuery)).failed.length === 0);
    expect(broker.log.sort()).toEqual(['T2Fit on state-1', 'ask of 1', 'decided 1']);
    await replays('transient--goes-on-after-continuing', handle);
  });
});

// Last: the server skips no time any more when a run has ended while its activity was under way.
describe('a transient that ends while a fit is under way', () => {
  it('ends without a trace of failure when a person cancels it', async () => {
    const broker = new MemoryBroker([], ['T2Fit']);
    const fit = gate();
    rig.use(broker, { runUnit: (request) => fit.opened.then(() => broker.runUnit(request)) });
    const handle = await detect(rig, 'ZTF20cancel', [broker.detection('1', JD)]);
    await waitFor(async () => (await handle.query(statusQuery)).running.length > 0);
    await handle.cancel();
    await waitFor(async () => (await handle.describe()).status.name === 'CANCELLED');
    fit.open();

    await replays('transient--cancelled', handle);
  });

  it('does not wait for a fit that takes for ever: the next run starts it again', async () => {
    const broker = new MemoryBroker([], ['T2Fit']);
    const started: string[] = [];
    const fit = gate();
    rig.use(broker, {
      runUnit: (request) => {
        started.push(request.task.key);
        return fit.opened.then(() => broker.runUnit(request));
      },
    });
    const handle = await detect(rig, 'ZTF20slow', [broker.detection('1', JD)], { ...ARCHIVE, maxHistoryEvents: 10 });
    await waitFor(() => started.length > 0);
    const { runId } = await handle.describe();
    for (let step = 0; (await handle.describe()).runId === runId; step++) {
      await handle.signal(clockSignal, JD + step / 1_000);
      await waitFor(() => hasActed(handle));
    }
    await waitFor(() => started.length > 1);
    fit.open();
    await waitFor(() => isAtRest(handle));

    expect(started).toEqual(Array(2).fill('stock-ZTF20slow/T2Fit/state-1'));
    expect(await handle.query(statusQuery)).toMatchObject({ alerts: 1, failed: [] });
    await replays(
      'transient--continues-with-work-under-way',
      rig.env.client.workflow.getHandle(handle.workflowId, runId),
    );
  });
});
