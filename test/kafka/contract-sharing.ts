import { eventually } from './eventually.js';
import { afterHeartbeats, alerts, newGroup, range } from './nights.js';
import { gate, readOn, readToEnd } from './reading.js';
import type { ReaderRequest, SourceRig } from './source-rig.js';

export function sharingContract(rig: () => SourceRig): void {
  shares(rig);
  killedReaders(rig);
  returningReaders(rig);
  busyReaders(rig);
  membership(rig);
  newShares(rig);
}

function shares(rig: () => SourceRig): void {
  it.each([2, 3])('gives %i readers each a share of the partitions, and each alert to one of them', async (of) => {
    const topic = await rig().createTopic(6);
    const group = newGroup();
    const request = { topics: [topic], group, startAt: 'earliest', of } as const;
    const shares: string[][] = [];
    const sources = await Promise.all(
      range(0, of).map((index) =>
        rig().open({
          ...request,
          index,
          takeOver: (partitions) => {
            shares[index] = [...partitions];
            return Promise.resolve(new Map<string, number>());
          },
        }),
      ),
    );
    const readings = sources.map((source) => readOn(source));
    await eventually('each has its share', () => range(0, of).every((i) => shares[i]?.length === 6 / of));
    await rig().write(topic, alerts(6, 600));
    const total = (): number => readings.reduce((sum, { taken }) => sum + taken.count, 0);
    await eventually('all alerts are read', () => total() >= 600);
    await Promise.all(sources.map((source) => source.close()));
    expect(total()).toBe(600);
    expect(readings.flatMap(({ taken }) => taken.partitions).sort()).toEqual(range(0, 6).map((i) => `${topic}/${i}`));
  });
}

function killedReaders(rig: () => SourceRig): void {
  it("takes over a killed reader's partitions where it acknowledged last, and nothing is lost", async () => {
    const topic = await rig().createTopic(4);
    const group = newGroup();
    const request = { topics: [topic], group, startAt: 'earliest', of: 2 } as const;
    for (const i of range(0, 10)) await rig().write(topic, alerts(4, 40, i * 40));
    const doomed = rig().spawnReader({ ...request, index: 1 }, 1);
    await eventually('it has acknowledged one batch and taken another', () => doomed.taken.size > 1);
    const survivor = await rig().open({ ...request, index: 0 });
    const { taken } = readOn(survivor);
    await eventually('the survivor has a share', () => taken.partitions.length > 0);
    await doomed.kill();
    await eventually('the survivor has all', () => taken.partitions.length === 4);
    const wanted = range(0, 4).map((i) => [`${topic}/${i}`, doomed.acknowledged.get(`${topic}/${i}`) ?? 0] as const);
    await eventually('all is read', () =>
      wanted.every(([key, from]) => (taken.offsets.get(key)?.at(-1) ?? from - 1) === 99),
    );
    await survivor.close();
    for (const [key, from] of wanted) {
      expect([key, range(from, 100).filter((offset) => !taken.offsets.get(key)?.includes(offset))]).toEqual([key, []]);
      expect([key, Math.min(...(taken.offsets.get(key) ?? []))]).toEqual([key, from]);
    }
  });
}

function returningReaders(rig: () => SourceRig): void {
  it('gives a reader that comes back in time its own partitions, and the others notice nothing', async () => {
    const topic = await rig().createTopic(4);
    const group = newGroup();
    const shares: string[][][] = [[], []];
    const open = (index: number): ReturnType<SourceRig['open']> =>
      rig().open({
        ...{ topics: [topic], group, startAt: 'earliest', of: 2, index },
        takeOver: (partitions) => {
          shares[index]?.push([...partitions]);
          return Promise.resolve(new Map<string, number>());
        },
      });
    const stays = await open(0);
    const leaves = await open(1);
    const reading = [readOn(stays), readOn(leaves)];
    await eventually('both have two', () => shares.every((each) => each.at(-1)?.length === 2));
    const before = shares.map((each) => each.length);
    await leaves.close();
    const back = await open(1);
    reading.push(readOn(back));
    await eventually('it is back', () => (shares[1]?.length ?? 0) > (before[1] ?? 0));
    await rig().write(topic, alerts(4, 40));
    await eventually('all is read', () => reading.reduce((sum, { taken }) => sum + taken.count, 0) === 40);
    await Promise.all([stays.close(), back.close()]);
    expect(shares[1]?.at(-1)).toEqual(shares[1]?.at(-2));
    expect(shares[0]?.length).toBe(before[0]);
  });
}

function busyReaders(rig: () => SourceRig): void {
  it('gives a partition to another reader only when nothing of it is under way any more', async () => {
    const topic = await rig().createTopic(2);
    const group = newGroup();
    await rig().write(topic, alerts(2, 20));
    const request = { topics: [topic], group, startAt: 'earliest', of: 2 } as const;
    let isAsked = false;
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const busy = await rig().open({
      ...{ ...request, index: 0 },
      release: () => {
        // The first time it joins it has nothing to release.
        if (reading.taken.count < 20) return Promise.resolve();
        isAsked = true;
        return finished;
      },
    });
    const reading = readOn(busy);
    await eventually('it has all', () => reading.taken.count === 20);
    const other = await rig().open({ ...request, index: 1 });
    const rest = readOn(other);
    await eventually('it is asked to release', () => isAsked);
    await rig().write(topic, alerts(2, 20, 20));
    await afterHeartbeats(rig(), 5);
    expect(rest.taken.count).toBe(0);
    finish();
    await eventually('the other has its share', () => rest.taken.count === 10);
    await Promise.all([busy.close(), other.close()]);
  });
}

function membership(rig: () => SourceRig): void {
  it('does not lose its share by working slowly', async () => {
    const topic = await rig().createTopic(2);
    const group = newGroup();
    await rig().write(topic, alerts(2, 20));
    let assignments = 0;
    const request: ReaderRequest = { topics: [topic], group, startAt: 'earliest', until: 'end' };
    const source = await rig().open({
      ...request,
      takeOver: () => {
        assignments++;
        return Promise.resolve(new Map<string, number>());
      },
    });
    const taken = await readToEnd(source, { work: () => afterHeartbeats(rig(), 15) });
    await source.close();
    expect({ assignments, count: taken.count }).toEqual({ assignments: 1, count: 20 });
  });

  it('ends a reader whose number another one has taken', async () => {
    const topic = await rig().createTopic(1);
    const request: ReaderRequest = { topics: [topic], group: newGroup(), startAt: 'earliest' };
    const first = await rig().open(request);
    const reading = readOn(first);
    await rig().write(topic, alerts(1, 1));
    await eventually('the first reads', () => reading.taken.count === 1);
    const second = await rig().open(request);
    const other = readOn(second);
    await expect(reading.ended).rejects.toThrow('another reader');
    await rig().write(topic, alerts(1, 1, 1));
    await eventually('the second reads', () => other.taken.count === 1);
    await Promise.all([first.close(), second.close()]);
  });
}

function newShares(rig: () => SourceRig): void {
  it('reads its share to the end where partitions were given out anew while it worked', async () => {
    const count = 6;
    const topic = await rig().createTopic(2);
    const large = Buffer.alloc(rig().fetchBytes / 3);
    // One at a time, as brokers take no more at once.
    for (const i of range(0, 2 * count)) await rig().write(topic, [{ partition: i % 2, value: large }]);
    const request = { topics: [topic], group: newGroup(), startAt: 'earliest', until: 'end', of: 2 } as const;
    const { opened, open } = gate();
    const first = await rig().open({ ...request, index: 0 });
    const reading = readOn(first, { work: () => opened });
    await eventually('the first works', () => reading.taken.count > 0);
    let isGiven = false;
    const second = await rig().open({
      ...{ ...request, index: 1 },
      takeOver: () => {
        isGiven = true;
        return Promise.resolve(new Map<string, number>());
      },
    });
    const other = readOn(second);
    await eventually('the second has its share', () => isGiven);
    open();
    await Promise.all([reading.ended, other.ended]);
    await Promise.all([first.close(), second.close()]);
    for (const key of [`${topic}/0`, `${topic}/1`]) {
      const read = [reading, other].flatMap(({ taken }) => taken.offsets.get(key) ?? []);
      expect([key, [...new Set(read)].sort()]).toEqual([key, range(0, count)]);
    }
  });
}
