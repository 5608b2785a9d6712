import { eventually } from './eventually.js';
import { alerts, newGroup } from './nights.js';
import { readOn } from './reading.js';
import type { ReaderRequest, SourceRig } from './source-rig.js';

export function topicsContract(rig: () => SourceRig): void {
  comingAndGoing(rig);
  growing(rig);
}

function comingAndGoing(rig: () => SourceRig): void {
  it('reads the nightly topics that a pattern means, also one that appears later, from its first alert', async () => {
    const night = (day: number): string => `ztf_2026010${day}_programid1`;
    await rig().createTopic(2, night(1));
    await rig().createTopic(1, 'ztf_20260101_programid2');
    await rig().write(night(1), alerts(2, 10));
    await rig().write('ztf_20260101_programid2', alerts(1, 10));
    const notices: string[] = [];
    const source = await rig().open({
      ...{ topics: ['/^ztf_\\d{8}_programid1$/'], group: newGroup(), startAt: 'latest' },
      onNotice: (message) => notices.push(message),
    });
    const { taken, ended } = readOn(source);
    await rig().createTopic(2, night(2));
    await rig().write(night(2), alerts(2, 10, 10));
    await eventually('the second night is read', () => taken.count === 10);
    await rig().write(night(1), alerts(2, 4, 100));
    await eventually('the first night is still read', () => taken.count === 14);
    await source.close();
    await ended;
    expect(taken.partitions).toEqual([1, 2].flatMap((day) => [`${night(day)}/0`, `${night(day)}/1`]));
    expect(notices.join()).toContain(night(2));
  });

  it('goes on with the rest where a topic is deleted', async () => {
    const topics = [await rig().createTopic(1), await rig().createTopic(1)] as const;
    const notices: string[] = [];
    const source = await rig().open({
      ...{ topics, group: newGroup(), startAt: 'earliest' },
      onNotice: (message) => notices.push(message),
    });
    const { taken, ended } = readOn(source);
    for (const topic of topics) await rig().write(topic, alerts(1, 3));
    await eventually('both are read', () => taken.count === 6);
    await rig().deleteTopic(topics[0]);
    await eventually('it is noticed', () => notices.some((message) => message.includes(topics[0])));
    await rig().write(topics[1], alerts(1, 3, 3));
    await eventually('the other is read on', () => taken.count === 9);
    await source.close();
    await ended;
  });
}

function growing(rig: () => SourceRig): void {
  it('reads partitions that a topic gets later', async () => {
    const topic = await rig().createTopic(1);
    const source = await rig().open({ topics: [topic], group: newGroup(), startAt: 'earliest' });
    const { taken, ended } = readOn(source);
    await rig().write(topic, alerts(1, 3));
    await eventually('the first is read', () => taken.count === 3);
    await rig().addPartitions(topic, 3);
    await eventually('the new ones can be written to', () =>
      rig()
        .write(topic, [{ partition: 2, value: Buffer.from('late') }])
        .then(
          () => true,
          () => false,
        ),
    );
    await eventually('they are read', () => taken.partitions.includes(`${topic}/2`));
    await source.close();
    await ended;
  });

  it('refuses a topic that is not there', async () => {
    const request: ReaderRequest = { topics: ['no-such-topic'], group: newGroup(), startAt: 'earliest' };
    await expect(rig().open(request)).rejects.toMatchObject({ kind: 'topic', retryable: false });
  });
}
