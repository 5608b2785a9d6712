import type { ReaderRequest, SourceRig, TestMessage } from './source-rig.js';
import { eventually } from './eventually.js';

let groups = 0;

/** A group of a name that no other test has. */
export function newGroup(): string {
  return `stream-${++groups}`;
}

/** Alerts that say where they stand, written to the partitions in turn. */
export function alerts(partitions: number, count: number, from = 0): TestMessage[] {
  return Array.from({ length: count }, (_, i) => ({
    partition: (from + i) % partitions,
    value: Buffer.from(`alert ${from + i}`),
  }));
}

/** `from`, `from + 1`, up to `to - 1`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Everything that there is of one topic. */
export function all(topic: string, group = newGroup()): ReaderRequest {
  return { topics: [topic], group, startAt: 'earliest', until: 'end' };
}

/** Waits for some heartbeats: while a reader works they are all that the broker answers to. */
export async function afterHeartbeats(rig: SourceRig, count: number): Promise<void> {
  let last = rig.receivedBytes();
  let seen = 0;
  await eventually(`${count} heartbeats`, () => {
    const now = rig.receivedBytes();
    if (now > last) seen++;
    last = now;
    return seen >= count;
  });
}
