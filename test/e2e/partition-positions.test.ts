import { BatchAcceptances } from '../../activities/night-caps.js';
import { PartitionPositions, type BatchCounts } from '../../activities/partition-positions.js';
import { persistReceipt } from '../../activities/persist-receipt.js';
import type { Store } from '../../store/store.js';
import { startStoreRig, type StoreRig } from './store-rig.js';

const STREAM = 'night';
const PARTITION = 'ztf_20210701_programid1/2';

describe('the position of a partition of alerts that two readers believe to be theirs', () => {
  let rig: StoreRig;
  let store: Store;

  beforeAll(async () => {
    rig = await startStoreRig();
  });
  beforeEach(async () => {
    ({ store } = await rig.freshPlace());
  });
  afterAll(() => rig.stop());

  async function reader(): Promise<PartitionPositions> {
    const positions = new PartitionPositions(store, STREAM);
    await positions.takeOver([PARTITION]);
    return positions;
  }

  /** A batch of alerts that nobody wants, with its receipt. */
  function batch(from: number, to: number): BatchCounts {
    const ids = Array.from({ length: to - from }, (_, i) => String(1_634_000_000_000_000_000n + BigInt(from + i)));
    const alerts = { alertIds: ids, objectIds: ids.map(() => 'ZTF21aaaaaaa'), jds: ids.map(() => 2459396.7) };
    const nothing = { forwarded: [], bad: [], tallies: [] };
    const screened = {
      partition: PARTITION,
      from,
      to,
      ...alerts,
      ...nothing,
      survey: 'ztf',
      acceptances: new BatchAcceptances(),
      clockJd: 2459396.7,
    };
    const counts = { read: ids.length, unreadable: 0, forwarded: 0, clockJd: 2459396.7 };
    const owner = { stream: STREAM, reading: 0 };
    return {
      ...{ partition: PARTITION, from, to, ...counts },
      receipt: (session) => persistReceipt(store, owner, screened, session),
    };
  }

  async function noted(): Promise<{ receipts: number[][]; filters: number; offset: number | undefined; read: number }> {
    const receipts = await store.receipts.find().sort({ from: 1 }).toArray();
    const position = await store.positions.findOne();
    return {
      receipts: receipts.map(({ from, to }) => [from, to]),
      filters: await store.receiptFilters.countDocuments(),
      offset: position?.offset,
      read: position?.read ?? 0,
    };
  }

  it('is moved by the first, and the second leaves no receipt beside its own', async () => {
    const first = await reader();
    await first.moveOn(batch(0, 10));
    const [paused, successor] = [await reader(), await reader()];
    await successor.moveOn(batch(10, 30));
    await expect(paused.moveOn(batch(10, 20))).rejects.toThrow('another reader has moved');
    expect(await noted()).toEqual({
      receipts: [
        [0, 10],
        [10, 30],
      ],
      filters: 2,
      offset: 30,
      read: 30,
    });
  });

  it('keeps the receipts of a reader that moves on while its successor takes the partition over', async () => {
    const first = await reader();
    await first.moveOn(batch(0, 10));
    const successor = await reader();
    await first.moveOn(batch(10, 25));
    await expect(successor.moveOn(batch(10, 40))).rejects.toThrow('another reader has moved');
    await successor.takeOver([PARTITION]);
    await successor.moveOn(batch(25, 40));
    expect(await noted()).toEqual({
      receipts: [
        [0, 10],
        [10, 25],
        [25, 40],
      ],
      filters: 3,
      offset: 40,
      read: 40,
    });
  });

  it('is made by one of two readers that find a partition nobody has read', async () => {
    const [one, other] = [await reader(), await reader()];
    await one.moveOn(batch(0, 7));
    await expect(other.moveOn(batch(0, 9))).rejects.toThrow('another reader has moved');
    expect(await noted()).toEqual({ receipts: [[0, 7]], filters: 1, offset: 7, read: 7 });
  });

  it('moves once where both move at the same moment', async () => {
    await (await reader()).moveOn(batch(0, 10));
    const [one, other] = [await reader(), await reader()];
    const ends = await Promise.allSettled([one.moveOn(batch(10, 20)), other.moveOn(batch(10, 30))]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { receipts, offset } = await noted();
    expect(receipts).toEqual([
      [0, 10],
      [10, offset],
    ]);
  });

  it('stays where the receipt cannot be written', async () => {
    const positions = await reader();
    const failing = { ...batch(0, 10), receipt: () => Promise.reject(new Error('no room')) };
    await expect(positions.moveOn(failing)).rejects.toThrow('no room');
    expect(await noted()).toEqual({ receipts: [], filters: 0, offset: undefined, read: 0 });
    await positions.moveOn(batch(0, 10));
    expect(await noted()).toEqual({ receipts: [[0, 10]], filters: 1, offset: 10, read: 10 });
  });

  it('takes a move for its own whose answer was lost', async () => {
    const [asked, again] = [await reader(), await reader()];
    await asked.moveOn(batch(0, 10));
    await again.moveOn(batch(0, 10));
    await again.moveOn(batch(10, 15));
    expect(await noted()).toEqual({
      receipts: [
        [0, 10],
        [10, 15],
      ],
      filters: 2,
      offset: 15,
      read: 15,
    });
  });
});
