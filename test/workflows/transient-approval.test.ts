import type { ApprovalAnswer } from '../../model/transient.js';
import { approveUpdate, statusQuery } from '../../workflows/transient.js';
import { isAtRest } from './history.js';
import { MemoryBroker, type Rule } from './memory-broker.js';
import { refusal } from './refusal.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { detect, nowJd } from './transient-handle.js';
import { waitFor } from './wait-for.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const TELL: Rule = { name: 'tell', when: 'accepted', afterDays: 0 };
const HOUR_MS = 3_600_000;

/** A broker whose reactions wait twelve hours for a person; what was said of each try. */
function asking(): { readonly broker: MemoryBroker; readonly said: (ApprovalAnswer | undefined)[] } {
  const broker = new MemoryBroker([TELL]);
  const said: (ApprovalAnswer | undefined)[] = [];
  let untilMs: number | undefined;
  rig.use(broker, {
    react: async ({ approval, deadline }) => {
      said.push(approval);
      untilMs ??= (await rig.env.currentTimeMs()) + 12 * HOUR_MS;
      if (approval === undefined) return { state: 'waits for approval', untilMs };
      if (!approval.granted) return { state: 'called off' };
      return await broker.react({ survey: 'ztf', objectId: '', stock: '', deadline });
    },
  });
  return { broker, said };
}

describe('a reaction that waits for approval', () => {
  it('goes on when a person says yes, whose name and reason stay in the history', async () => {
    const { broker, said } = asking();
    const alert = broker.detection('1', await nowJd(rig));
    const handle = await detect(rig, 'ZTF20approved', [alert]);
    await waitFor(() => isAtRest(handle));
    const { approvals = [] } = await handle.query(statusQuery);
    expect(approvals).toEqual(['HU_RAPID/tell/stock-ZTF20approved']);
    expect(broker.sent).toEqual([]);

    await rig.env.sleep(3 * HOUR_MS);
    const deadline = { ...DEADLINE, key: approvals[0] ?? '', alertId: '1', setJd: alert.jd, dueJd: alert.jd };
    const request = { deadline, granted: true, requestedBy: 'jn', reason: 'rising' };
    expect(await handle.executeUpdate(approveUpdate, { args: [request] })).toBe(true);
    await waitFor(() => broker.sent.length > 0);
    expect(said).toEqual([undefined, { granted: true, by: 'jn', why: 'rising' }]);
    await rig.env.sleep(20 * HOUR_MS);
    await waitFor(() => isAtRest(handle));
    expect(said).toHaveLength(2);
    await replays('transient--reaction-approved', handle);
  });

  it('is called off where nobody answers in time', async () => {
    const { broker, said } = asking();
    const handle = await detect(rig, 'ZTF20unanswered', [broker.detection('1', await nowJd(rig))]);
    await waitFor(() => isAtRest(handle));
    await rig.env.sleep(11 * HOUR_MS);
    expect(said).toEqual([undefined]);
    await rig.env.sleep(2 * HOUR_MS);
    await waitFor(() => said.length > 1);
    await waitFor(() => isAtRest(handle));
    expect(said).toEqual([undefined, { granted: false, by: 'nobody', why: 'no answer came in time' }]);
    expect(broker.sent).toEqual([]);
    expect((await handle.query(statusQuery)).approvals).toBeUndefined();
    await replays('transient--nobody-approves', handle);
  });

  it('is waited for by the next run too', async () => {
    const { broker, said } = asking();
    const input = { maxHistoryEvents: 5 };
    const handle = await detect(rig, 'ZTF20carried', [broker.detection('1', await nowJd(rig))], input);
    // No query: one to a run that is about to continue as another may never be answered by this server.
    await waitFor(() => said.length > 0);
    await waitFor(() => isAtRest(handle));
    await detect(rig, 'ZTF20carried', [broker.detection('2', await nowJd(rig))]);
    await waitFor(() => broker.log.includes('decided 2'));
    await rig.env.sleep(13 * HOUR_MS);
    await waitFor(() => said.at(-1)?.granted === false);
    expect(broker.sent).toEqual([]);
  });

  it('takes no answer without a reason', async () => {
    const { broker } = asking();
    const handle = await detect(rig, 'ZTF20mute', [broker.detection('1', await nowJd(rig))]);
    await waitFor(() => isAtRest(handle));
    const request = { deadline: DEADLINE, granted: true, requestedBy: 'jn', reason: '' };
    const said = await refusal(handle.executeUpdate(approveUpdate, { args: [request] }));
    expect(said).toContain('requestedBy and reason are required');
    await handle.terminate();
  });
});

const DEADLINE = {
  ...{ key: 'k', channel: 'HU_RAPID', channelHash: 'abcdef123456', rule: 'tell', alertId: '1', link: 'state-1' },
  ...{ setJd: 2_459_000.5, dueJd: 2_459_000.5 },
};
