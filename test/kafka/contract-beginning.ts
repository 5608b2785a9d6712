import { eventually } from './eventually.js';
import { alerts, all, newGroup, range } from './nights.js';
import { gate, readOn, readToEnd } from './reading.js';
import type { ReaderRequest, SourceRig } from './source-rig.js';

export function beginningContract(rig: () => SourceRig): void {
  knownPositions(rig);
  chosenPositions(rig);
}

function knownPositions(rig: () => SourceRig): void {
  it('goes on after a restart where it acknowledged last', async () => {
    const topic = await rig().createTopic(1);
    await rig().write(topic, alerts(1, 30));
    const request = all(topic);
    const first = await rig().open(request);
    await readToEnd(first, { acknowledge: false });
    await first.acknowledge(`${topic}/0`, 12);
    await first.close();
    const second = await rig().open(request);
    const taken = await readToEnd(second);
    await second.close();
    expect(taken.offsets.get(`${topic}/0`)).toEqual(range(12, 30));
  });

  it('believes the stream before the group', async () => {
    const topic = await rig().createTopic(2);
    await rig().write(topic, alerts(2, 40));
    const request = all(topic);
    const first = await rig().open(request);
    await readToEnd(first);
    await first.close();
    const second = await rig().open({
      ...request,
      takeOver: () => Promise.resolve(new Map([[`${topic}/0`, 15]])),
    });
    const taken = await readToEnd(second);
    await second.close();
    // Partition 1, of which the stream knows nothing, was acknowledged to its end.
    expect([...taken.offsets]).toEqual([[`${topic}/0`, range(15, 20)]]);
  });
}

function chosenPositions(rig: () => SourceRig): void {
  it('begins at the end of the night where only what comes is wanted, also after a reader that acknowledged nothing', async () => {
    const topic = await rig().createTopic(1);
    await rig().write(topic, alerts(1, 10));
    const request: ReaderRequest = { topics: [topic], group: newGroup(), startAt: 'latest' };
    const begun = gate();
    const takeOver = (): Promise<Map<string, number>> => {
      begun.open();
      return Promise.resolve(new Map<string, number>());
    };
    const first = await rig().open({ ...request, takeOver });
    const reading = readOn(first, { acknowledge: false });
    await begun.opened;
    await eventually(
      'the group knows where it began',
      async () => `${topic}/0` in (await rig().committed(request.group, topic)),
    );
    await rig().write(topic, alerts(1, 5, 10));
    await eventually('it reads what came', () => reading.taken.count === 5);
    await first.close();
    const second = await rig().open({ ...request, until: 'end' });
    const taken = await readToEnd(second);
    await second.close();
    expect(taken.offsets.get(`${topic}/0`)).toEqual(range(10, 15));
  });

  it('begins with the first alert of a time', async () => {
    const topic = await rig().createTopic(1);
    const duskMs = Date.UTC(2026, 0, 10);
    const timed = alerts(1, 10).map((alert, i) => ({ ...alert, timeMs: duskMs + i * 1000 }));
    await rig().write(topic, timed);
    const source = await rig().open({ ...all(topic), startAt: { timeMs: duskMs + 5_500 } });
    const taken = await readToEnd(source);
    await source.close();
    expect(taken.texts).toEqual(['alert 6', 'alert 7', 'alert 8', 'alert 9']);
  });
}
