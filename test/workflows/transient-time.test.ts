import { clockSignal, statusQuery } from '../../workflows/transient.js';
import { isAtRest } from './history.js';
import { MemoryBroker, type Rule } from './memory-broker.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { detect, nowJd } from './transient-handle.js';
import { waitFor } from './wait-for.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

/** "No second detection within 3 nights." */
const ASK: Rule = { name: 'ask', when: 'accepted', afterDays: 3, unless: 'detection' };
/** "No further detection for a night." */
const LOST: Rule = { name: 'lost', when: 'detection', afterDays: 1, unless: 'detection' };
const TELL: Rule = { name: 'tell', when: 'accepted', afterDays: 0 };
/** "Two hours after the first fit." */
const REPORT: Rule = { name: 'report', when: { result: 'T2Fit' }, afterDays: 2 / 24 };
const DAY_MS = 86_400_000;
const ARCHIVE = { clock: { stream: 'june' } };
const ARCHIVE_JD = 2459000.75;

describe('a transient in live operation', () => {
  it('asks after 3 nights without a second detection', async () => {
    const broker = new MemoryBroker([ASK]);
    rig.use(broker);
    const handle = await detect(rig, 'ZTF20asks', [broker.detection('1', await nowJd(rig))]);
    await waitFor(() => isAtRest(handle));
    await rig.env.sleep(2.9 * DAY_MS);
    expect(broker.log).toEqual(['decided 1']);

    await rig.env.sleep(0.2 * DAY_MS);
    await waitFor(() => isAtRest(handle));
    expect(broker.log).toEqual(['decided 1', 'ask of 1']);
    await replays('transient--asks-after-3-nights', handle);
  });

  it('asks nothing where a second detection comes within 3 nights', async () => {
    const broker = new MemoryBroker([ASK]);
    rig.use(broker);
    const handle = await detect(rig, 'ZTF20calls', [broker.detection('1', await nowJd(rig))]);
    await waitFor(() => isAtRest(handle));
    await rig.env.sleep(2.9 * DAY_MS);
    await detect(rig, 'ZTF20calls', [broker.detection('2', await nowJd(rig))]);
    await waitFor(() => isAtRest(handle));
    await rig.env.sleep(10 * DAY_MS);

    expect(broker.log).toEqual(['decided 1', 'decided 2', 'called off ask']);
    await replays('transient--second-detection-calls-off', handle);
  });

  it('reports 2 hours after the first fit, which runs beside the decisions', async () => {
    const broker = new MemoryBroker([REPORT], ['T2Fit']);
    rig.use(broker);
    const handle = await detect(rig, 'ZTF20fits', [broker.detection('1', await nowJd(rig))]);
    await waitFor(async () => (await handle.query(statusQuery)).waiting.length > 0);
    await rig.env.sleep(DAY_MS / 8);
    await waitFor(() => isAtRest(handle));

    expect(broker.log).toEqual(['decided 1', 'T2Fit on state-1', 'report of 1']);
    await replays('transient--reports-after-a-fit', handle);
  });
});

describe('a transient of an archive', () => {
  it('asks when the clock of the stream has passed 3 nights, although no time passes on the wall', async () => {
    const broker = new MemoryBroker([ASK]);
    rig.use(broker);
    const handle = await detect(rig, 'ZTF20passed', [broker.detection('1', ARCHIVE_JD)], ARCHIVE);
    await handle.signal(clockSignal, ARCHIVE_JD + 2.9);
    await waitFor(() => isAtRest(handle));
    expect(broker.log).toEqual(['decided 1']);

    await handle.signal(clockSignal, ARCHIVE_JD + 3);
    await waitFor(() => broker.sent.length > 0);
    expect(broker.log).toEqual(['decided 1', 'ask of 1']);
    await replays('transient--stream-clock-passes-a-deadline', handle);
  });

  it('asks before it decides on a later alert, not after: the later one calls nothing off', async () => {
    const broker = new MemoryBroker([ASK]);
    rig.use(broker);
    const alerts = [broker.detection('1', ARCHIVE_JD), broker.detection('2', ARCHIVE_JD + 5)];
    const handle = await detect(rig, 'ZTF20later', alerts, ARCHIVE);
    await waitFor(() => broker.sent.length > 0);

    expect(broker.log).toEqual(['decided 1', 'decided 2', 'ask of 1']);
    expect(broker.sent).toMatchObject([{ alertId: '1', dueJd: ARCHIVE_JD + 3 }]);
    await replays('transient--deadline-before-a-later-alert', handle);
  });

  it('reports after a fit that ends when the stream has ended and tells its clock to nobody', async () => {
    const broker = new MemoryBroker([REPORT], ['T2Fit']);
    rig.use(broker, {
      runUnit: async (request) => ({ ...(await broker.runUnit(request)), clockJd: ARCHIVE_JD + 1 }),
    });
    const handle = await detect(rig, 'ZTF20slowfit', [broker.detection('1', ARCHIVE_JD)], ARCHIVE);
    await waitFor(() => broker.sent.length > 0);

    expect(broker.log).toEqual(['decided 1', 'T2Fit on state-1', 'report of 1']);
    await waitFor(() => isAtRest(handle));
    await replays('transient--reports-after-the-stream', handle);
  });
});

describe('a transient of the same alerts on the wall clock and on a stream clock', () => {
  /** Alerts as days after the first, and what is sent: rule, alert, days after the first. */
  const nights: [title: string, alerts: Record<string, number>, sent: [string, string, number][]][] = [
    ['one detection', { 1: 0 }, [['tell', '1', 0], ['lost', '1', 1], ['ask', '1', 3]]], // prettier-ignore
    [
      'a second exposure in the first night and a third after 5 nights',
      { 1: 0, 2: 0.02, 3: 5 },
      [['tell', '1', 0], ['lost', '2', 1.02], ['lost', '3', 6]], // prettier-ignore
    ],
    [
      'a second detection that comes too late',
      { 1: 0, 2: 4 },
      [['tell', '1', 0], ['lost', '1', 1], ['ask', '1', 3], ['lost', '2', 5]], // prettier-ignore
    ],
    [
      'a bogus second detection, which calls nothing off',
      { 1: 0, bogus2: 0.5, 3: 2.5 },
      [['tell', '1', 0], ['lost', '1', 1], ['lost', '3', 3.5]], // prettier-ignore
    ],
  ];

  it.each(nights)('sends the same for %s', async (title, alerts, sent) => {
    const firstJd = (await nowJd(rig)) + 0.01;
    const objectId = title.replaceAll(' ', '-');
    const days = Object.entries(alerts).sort(([, a], [, b]) => a - b);
    const rules = [ASK, LOST, TELL];
    const detections = (broker: MemoryBroker) => days.map(([id, day]) => broker.detection(id, firstJd + day));
    const reactions = ({ sent: deadlines }: MemoryBroker) =>
      deadlines
        .map(({ rule, alertId, dueJd }) => [rule, alertId, Math.round((dueJd - firstJd) * 1e6) / 1e6])
        .sort((a, b) => Number(a[2]) - Number(b[2]));

    const atOnce = new MemoryBroker(rules);
    rig.use(atOnce);
    const batch = await detect(rig, `batch-${objectId}`, detections(atOnce), ARCHIVE);
    await batch.signal(clockSignal, firstJd + 20);
    await waitFor(() => atOnce.sent.length >= sent.length);

    const onStream = new MemoryBroker(rules);
    rig.use(onStream);
    for (const detection of detections(onStream)) {
      const handle = await detect(rig, `stream-${objectId}`, [detection], ARCHIVE);
      await handle.signal(clockSignal, detection.jd - 0.5);
    }
    await rig.env.client.workflow.getHandle(`transient/stream-${objectId}`).signal(clockSignal, firstJd + 20);
    await waitFor(() => onStream.sent.length >= sent.length);

    const live = new MemoryBroker(rules);
    rig.use(live);
    for (const detection of detections(live)) {
      await rig.env.sleep((detection.jd - (await nowJd(rig))) * DAY_MS);
      const handle = await detect(rig, `live-${objectId}`, [detection]);
      await waitFor(() => isAtRest(handle));
    }
    await rig.env.sleep(20 * DAY_MS);
    await waitFor(() => live.sent.length >= sent.length);

    expect(reactions(live)).toEqual(sent);
    expect(reactions(onStream)).toEqual(sent);
    expect(reactions(atOnce)).toEqual(sent);
  });
});
