import { eventually } from './eventually.js';
import { alerts, all, newGroup, range } from './nights.js';
import { gate, readOn, readToEnd } from './reading.js';
import type { ReaderRequest, SourceRig } from './source-rig.js';

export function troubleContract(rig: () => SourceRig): void {
  absences(rig);
  closing(rig);
}

function absences(rig: () => SourceRig): void {
  it('goes on when the broker has been away', async () => {
    const topic = await rig().createTopic(2);
    const request: ReaderRequest = { topics: [topic], group: newGroup(), startAt: 'earliest' };
    const source = await rig().open(request);
    const { taken, ended } = readOn(source);
    await rig().write(topic, alerts(2, 20));
    await eventually('the first alerts are read', () => taken.count === 20);
    await rig().stopBroker();
    const told = source.acknowledge(`${topic}/0`, 10);
    await rig().startBroker();
    await rig().write(topic, alerts(2, 20, 20));
    await eventually('the later ones are read', () => new Set(taken.texts).size === 40);
    await told;
    await source.close();
    await ended;
    expect(taken.offsets.get(`${topic}/1`)?.slice(-10)).toEqual(range(10, 20));
  });

  it('says which alerts were deleted before they were read, at the beginning and in the middle', async () => {
    const topic = await rig().createTopic(1);
    await rig().write(topic, alerts(1, 50));
    const notices: string[] = [];
    const request = { ...all(topic), onNotice: (message: string) => notices.push(message) };
    await rig().deleteBefore(topic, 0, 20);
    const stream = { takeOver: () => Promise.resolve(new Map([[`${topic}/0`, 5]])) };
    const source = await rig().open({ ...request, ...stream });
    const isDeleted = { yet: false };
    const size = Math.ceil(rig().fetchBytes / 20);
    for (const i of range(0, 100)) await rig().write(topic, [{ partition: 0, value: Buffer.alloc(size, i) }]);
    const taken = await readToEnd(source, {
      work: async () => {
        if (!isDeleted.yet) await rig().deleteBefore(topic, 0, 140);
        isDeleted.yet = true;
      },
    });
    await source.close();
    const offsets = taken.offsets.get(`${topic}/0`) ?? [];
    expect(offsets[0]).toBe(20);
    expect(offsets.slice(-10)).toEqual(range(140, 150));
    expect(notices[0]).toContain(`${topic}/0: messages 5 to 19 were deleted`);
    expect(notices[1]).toContain('to 139 were deleted');
    expect(notices).toHaveLength(2);
  });
}

function closing(rig: () => SourceRig): void {
  it('ends as soon as it is closed, while it waits for an alert as well as while it is worked on', async () => {
    const topic = await rig().createTopic(1);
    const idle = await rig().open({ topics: [topic], group: newGroup(), startAt: 'earliest' });
    const waiting = readOn(idle);
    await idle.close();
    await waiting.ended;
    const busy = await rig().open({ topics: [topic], group: newGroup(), startAt: 'earliest' });
    const stop = gate();
    const working = readOn(busy, { acknowledge: false, work: () => stop.opened });
    await rig().write(topic, alerts(1, 1));
    await eventually('it works', () => working.taken.count === 1);
    await busy.close();
    stop.open();
    await working.ended;
    expect(waiting.taken.count).toBe(0);
    await busy.close();
  });
}
