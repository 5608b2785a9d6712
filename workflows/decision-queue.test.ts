import type { DetectionRef } from '../model/transient.js';
import { DecisionQueue, detectionRefs } from './decision-queue.js';

const alert = (alertId: string): DetectionRef => ({ alertId, jd: 2459000.5, channels: ['HU_RAPID@abc'] });
const ids = (detections: readonly DetectionRef[]): string[] => detections.map(({ alertId }) => alertId);

describe('DecisionQueue', () => {
  it('hands out alerts in the order in which they came, a redelivered one once', () => {
    const queue = new DecisionQueue();
    queue.add([alert('1'), alert('2')]);
    queue.add([alert('2'), alert('3')]);

    expect(ids(queue.take(0))).toEqual(['1', '2', '3']);
    expect(queue.length).toBe(3);
  });

  it('decides one after the other: alerts that come meanwhile wait', () => {
    const queue = new DecisionQueue();
    queue.add([alert('1')]);
    queue.take(0);
    queue.add([alert('1'), alert('2')]);

    expect(queue.take(0)).toEqual([]);
    queue.succeed();
    expect(queue.decided).toBe(1);
    expect(ids(queue.take(0))).toEqual(['2']);
  });

  it('decides again on what a decision did not know of, before what came later', () => {
    const queue = new DecisionQueue();
    queue.add([alert('1'), alert('2'), alert('3')]);
    queue.take(0);
    queue.add([alert('4')]);
    queue.succeed(['1', 'of another task']);

    expect(queue.decided).toBe(1);
    expect(ids(queue.take(0))).toEqual(['2', '3', '4']);
    queue.succeed();
    expect(queue.decided).toBe(4);
  });

  it('keeps the outcome of a decision small where an archive brings years at once', () => {
    const queue = new DecisionQueue();
    queue.add(Array.from({ length: 250 }, (_, n) => alert(String(n))));
    const sizes = [1, 2, 3].map(() => {
      const { length } = queue.take(0);
      queue.succeed();
      return length;
    });

    expect(sizes).toEqual([100, 100, 50]);
  });

  it('tries a failed decision again later and later, in the old order, with what came meanwhile', () => {
    const queue = new DecisionQueue();
    queue.add([alert('1')]);
    const waits = Array.from({ length: 8 }, () => {
      queue.take(queue.problem?.retryAtMs ?? 0);
      const nowMs = 1_000_000;
      queue.fail('no primary', nowMs);
      return ((queue.problem?.retryAtMs ?? 0) - nowMs) / 1_000;
    });
    queue.add([alert('2')]);

    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
    expect(queue.problem).toMatchObject({ error: 'no primary', attempts: 8 });
    const { retryAtMs = 0 } = queue.problem ?? {};
    expect(queue.take(retryAtMs - 1)).toEqual([]);
    expect(ids(queue.take(retryAtMs))).toEqual(['1', '2']);
    queue.succeed();
    expect(queue.problem).toBeUndefined();
  });

  it('hands undecided alerts and the newest known ones to the next run', () => {
    const queue = new DecisionQueue();
    queue.add(Array.from({ length: 600 }, (_, n) => alert(String(n))));
    queue.take(0);
    const next = new DecisionQueue(queue.carried());
    next.add([alert('599'), alert('600')]);

    expect(next.length).toBe(601);
    expect(next.carried().seen).toHaveLength(500);
    expect(ids(next.take(0))[0]).toBe('0');
  });

  it('does not queue an undecided alert again although the next run knows only the newest', () => {
    const queue = new DecisionQueue();
    queue.add(Array.from({ length: 600 }, (_, n) => alert(String(n))));
    const next = new DecisionQueue(queue.carried());
    next.add([alert('0')]);

    expect(next.length).toBe(600);
  });
});

describe('detectionRefs', () => {
  it('takes alerts and leaves out what a person mistyped: a signal that throws would block the object for ever', () => {
    const mistyped = [
      null,
      7,
      '1',
      { alertId: 1, jd: 2459000.5, channels: [] },
      { alertId: '1', jd: NaN, channels: [] },
    ];

    expect(detectionRefs([alert('1'), ...mistyped, alert('2')])).toEqual([alert('1'), alert('2')]);
    expect(detectionRefs({ ...alert('1') })).toEqual([]);
    expect(detectionRefs(undefined)).toEqual([]);
  });
});
