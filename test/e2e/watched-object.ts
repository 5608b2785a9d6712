import { z } from 'zod';
import type { ReadyChannel } from '../../activities/channel-revisions.js';
import { Follows } from '../../activities/follows.js';
import { Screen, type ScreenedBatch } from '../../activities/screen.js';
import type { ReactionRule } from '../../model/channel.js';
import type { DetectionRef } from '../../model/transient.js';
import { Unreadable } from '../../streams/avro/unreadable.js';
import type { BadPacket, Packet } from '../../streams/packet.js';
import { ztf } from '../../streams/ztf/survey.js';
import { defineT2, type T2Unit } from '../../units/define.js';
import { webhookReaction } from '../../units/t3/webhook-reaction.js';
import { brightFilter, ready, testChannel, testRegistry, use } from '../ready-channel.js';
import { CANDIDATE, LIMIT, OBJECT, packetOf, type Values } from '../ztf-packet.js';

/** Of the same quadrant: both objects share the upper limits of an exposure. */
export const NEIGHBOUR = 'ZTF18aaaaaaa';
/** From midnight of the first; the alert of the second is too faint for the channel. */
const NIGHTS = [0, 1, 2, 7];
const FAINT_NIGHT = 1;

/** What a T2 unit of the tests makes of a light curve. */
type Count = (points: number) => number;

function counting(name: string, cost: 'light' | 'heavy', count: Count = (points) => points): T2Unit {
  const facts = { name, version: '1.0.0', summary: 'Counts datapoints.', config: z.strictObject({}) };
  return defineT2({
    ...{ ...facts, input: 'lightCurve', cost, result: z.number() },
    run: ({ datapoints }) => count(datapoints.length),
  });
}

export const SLOW_UNIT = 'T2SlowCount';

/** A channel with a light unit, a heavy one and rules of all kinds, in a build whose heavy unit counts so. */
export function watch(slowCount?: Count): { registry: ReturnType<typeof testRegistry>; ready: ReadyChannel } {
  const light = counting('T2Count', 'light');
  const heavy = counting(SLOW_UNIT, 'heavy', slowCount);
  const registry = testRegistry(brightFilter, light, heavy, webhookReaction);
  const toReceiver = use(webhookReaction, { url: 'http://receiver.example/', timeoutSeconds: 10 });
  const t3: ReactionRule[] = [
    { ...toReceiver, name: 'tell', when: 'accepted', afterDays: 0 },
    { ...toReceiver, name: 'ask', when: 'accepted', afterDays: 3, unless: 'detection' },
    { ...toReceiver, name: 'lost', when: 'detection', afterDays: 3, unless: 'detection' },
    { ...toReceiver, name: 'report', when: { result: SLOW_UNIT }, afterDays: 1 },
  ];
  const channel = testChannel('WATCH', use(brightFilter, { max_mag: 19 }), { t2: [use(light), use(heavy)], t3 });
  return { registry, ready: ready(channel, registry) };
}

/** The measurement of one night. A candidate and the history of later packets tell of it in the same words. */
function measurement(night: number, quadrant: number): Values {
  const jd = Number(CANDIDATE['jd']) + night;
  const candid = `67328527311${night}0150${quadrant}`;
  return { ...CANDIDATE, jd, candid, magpsf: night === FAINT_NIGHT ? 20 : 18.5, programpi: null };
}

/** The alerts of an object, each with a limit and what was measured in the night before it. */
function alertsOf(objectId: string, quadrant: number): Packet[] {
  return NIGHTS.map((night, i) => {
    const candidate = measurement(night, quadrant);
    const earlier = NIGHTS.slice(Math.max(0, i - 1), i).map((one) => measurement(one, quadrant));
    return packetOf({ objectId, candid: String(candidate['candid']), candidate, history: [LIMIT, ...earlier] });
  });
}

/** Alerts of two objects, night after night, and one packet that nobody can read. */
export function packets(): (Packet | BadPacket)[] {
  const [one, other] = [alertsOf(OBJECT, 35), alertsOf(NEIGHBOUR, 36)];
  const good = one.flatMap((packet, i) => [packet, other[i] ?? packet]);
  const bad = { problem: new Unreadable('truncated', 'the file has no bytes'), bytes: Buffer.from('Obj') };
  return [...good.slice(0, 3), { partition: 'archive', offset: 0, place: '', ...bad }, ...good.slice(3)].map(
    (packet, offset) => ({
      ...packet,
      ...{ offset, place: `june.tar/${offset}.avro` },
    }),
  );
}

/** The batches that a reader makes of the packets, so many in each. */
export function batches(channel: ReadyChannel, size: number): ScreenedBatch[] {
  const all = packets();
  const screen = new Screen(ztf, [channel], new Follows('june'));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => {
    const batch = screen.begin('archive', i * size);
    for (const packet of all.slice(i * size, (i + 1) * size)) screen.add(batch, packet);
    return batch;
  });
}

/** What the object's transient is signalled. */
export function detections({ ref }: ReadyChannel): DetectionRef[] {
  return NIGHTS.map((night) => {
    const { jd, candid } = measurement(night, 35);
    return { alertId: String(candid), jd: Number(jd), channels: [ref] };
  });
}
