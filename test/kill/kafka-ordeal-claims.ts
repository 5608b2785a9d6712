import type { Bookkeeping } from './bookkeeping.js';
import type { KafkaOrdeal } from './kafka-ordeal.js';
import { differences, digestOf, type Snapshot } from './snapshot.js';

/** What has to hold after every ordeal over Kafka, as tests; `ordeal` is called inside of them. */
export function itLosesNothing(ordeal: () => KafkaOrdeal): void {
  it('ends with the alerts, states, results, reactions, journal and dead letters of an undisturbed run', () => {
    const { undisturbed, disturbed } = ordeal();
    expect(differences(undisturbed.snapshot, disturbed.snapshot)).toEqual([]);
    expect(digestOf(disturbed.snapshot)).toEqual(digestOf(undisturbed.snapshot));
  });

  it('has receipts that cover every offset of each partition once, with the rejections of an undisturbed run', () => {
    const { topic, undisturbed, disturbed } = ordeal();
    expect([undisturbed.books.faults, disturbed.books.faults]).toEqual([[], []]);
    expect(differences(contentOf(undisturbed.books), contentOf(disturbed.books))).toEqual([]);
    expect(disturbed.books.read.size).toBe(topic.alerts);
    expect(disturbed.books.rejections.size).toBeGreaterThan(topic.alerts / 2);
  });

  it('has decided on every accepted alert, and no transient failed', () => {
    const { topic, undisturbed, disturbed } = ordeal();
    expect(disturbed.snapshot.get('alerts')?.size).toBeGreaterThan(0);
    expect(disturbed.snapshot.get('positions')?.size).toBe(topic.partitions);
    expect([...undisturbed.unwell, ...disturbed.unwell]).toEqual([]);
  });

  it('puts each damaged message aside once', () => {
    const { topic, disturbed } = ordeal();
    expect(topic.damaged).toBeGreaterThan(0);
    expect(disturbed.snapshot.get('deadletters')?.size).toBe(topic.damaged);
  });

  it('tells the receiver of every reaction, in the words of an undisturbed run at every try', () => {
    const { undisturbed, disturbed } = ordeal();
    const [expected, told] = [undisturbed, disturbed].map(({ reactions, deliveries }) => {
      const confirmed = reactions.filter(({ state }) => state === 'confirmed').map(({ _id }) => _id);
      expect([...deliveries.keys()].sort()).toEqual(confirmed.sort());
      return [...deliveries].map(([key, bodies]) => [key, ...new Set(bodies)].join(' ')).sort();
    });
    expect(expected?.length).toBeGreaterThan(0);
    expect(told).toEqual(expected);
  });
}

function contentOf({ read, rejections, accepted }: Bookkeeping): Snapshot {
  return new Map([
    ['read', read],
    ['rejections', rejections],
    ['accepted', accepted],
  ]);
}
