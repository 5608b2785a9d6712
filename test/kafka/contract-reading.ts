import { eventually } from './eventually.js';
import { afterHeartbeats, alerts, all, range } from './nights.js';
import { gate, readOn, readToEnd } from './reading.js';
import type { SourceRig } from './source-rig.js';

export function readingContract(rig: () => SourceRig): void {
  completeNights(rig);
  heldBack(rig);
}

function completeNights(rig: () => SourceRig): void {
  it('gives every alert of a night once, in the order of its partition, and ends where the night ends', async () => {
    const topic = await rig().createTopic(4);
    await rig().write(topic, alerts(4, 403));
    const source = await rig().open(all(topic));
    const taken = await readToEnd(source);
    await source.close();
    expect(taken.texts.sort()).toEqual(
      alerts(4, 403)
        .map(({ value }) => value.toString())
        .sort(),
    );
    expect(taken.offsets.get(`${topic}/0`)).toEqual(range(0, 101));
    expect(taken.offsets.get(`${topic}/3`)).toEqual(range(0, 100));
    for (const { to, end, packets } of taken.batches) {
      expect(to).toBe((packets.at(-1)?.offset ?? -1) + 1);
      expect(end).toBeGreaterThanOrEqual(to);
    }
    expect(taken.batches[0]?.packets[0]?.place).toContain(topic);
  });

  it('reads to where the night ended when reading began, and not what is written meanwhile', async () => {
    const topic = await rig().createTopic(2);
    await rig().write(topic, alerts(2, 20));
    const source = await rig().open(all(topic));
    let isLater = false;
    const taken = await readToEnd(source, {
      work: async () => {
        if (!isLater) await rig().write(topic, alerts(2, 20, 20));
        isLater = true;
      },
    });
    await source.close();
    expect(taken.count).toBe(20);
    expect(taken.batches.at(-1)?.end).toBeGreaterThanOrEqual(10);
  });

  it('ends at once where no alert was written', async () => {
    const topic = await rig().createTopic(3);
    const source = await rig().open(all(topic));
    expect((await readToEnd(source)).count).toBe(0);
    await source.close();
  });
}

function heldBack(rig: () => SourceRig): void {
  it('gives alerts of a megabyte whole', async () => {
    const topic = await rig().createTopic(1);
    const large = range(0, 5).map((i) => ({ partition: 0, value: Buffer.alloc(1_000_000, i) }));
    for (const one of large) await rig().write(topic, [one]);
    const source = await rig().open(all(topic));
    const { batches } = await readToEnd(source);
    await source.close();
    const values = batches.flatMap(({ packets }) => packets.map(({ bytes }) => bytes));
    expect(values.map((bytes, i) => bytes.equals(large[i]?.value ?? Buffer.alloc(0)))).toEqual(large.map(() => true));
  });

  it('fetches no more than one answer of the broker while nobody asks, and the rest when somebody does', async () => {
    const topic = await rig().createTopic(4);
    const size = 100_000;
    const count = Math.ceil((8 * rig().fetchBytes) / size / 4) * 4;
    for (const i of range(0, count)) await rig().write(topic, [{ partition: i % 4, value: Buffer.alloc(size, i) }]);
    const source = await rig().open(all(topic));
    const before = rig().receivedBytes();
    const stop = gate();
    const { taken, ended } = readOn(source, { work: () => stop.opened });
    await eventually('a batch is taken', () => taken.batches.length === 1);
    await afterHeartbeats(rig(), 12);
    // A message may stick out of an answer, and metadata and heartbeats come too.
    expect(rig().receivedBytes() - before).toBeLessThan(1.5 * rig().fetchBytes + size);
    expect(taken.batches).toHaveLength(1);
    stop.open();
    await ended;
    await source.close();
    expect(taken.count).toBe(count);
  });

  it('tells the group nothing before it is acknowledged, and then what was', async () => {
    const topic = await rig().createTopic(1);
    await rig().write(topic, alerts(1, 10));
    const request = all(topic);
    const source = await rig().open(request);
    const taken = await readToEnd(source, { acknowledge: false });
    expect(Object.values(await rig().committed(request.group, topic)).filter((offset) => offset > 0)).toEqual([]);
    await source.acknowledge(`${topic}/0`, 7);
    expect(await rig().committed(request.group, topic)).toEqual({ [`${topic}/0`]: 7 });
    await source.close();
    expect(taken.count).toBe(10);
  });
}
