import { pick, streamOf, uniform, type Stream } from '../../streams/simulation/random-stream.js';
import { MEMBERS, type Member } from './kafka-harness.js';

/** One blow: who, when, how, and for how long. */
export interface KafkaBlow {
  readonly victims: readonly Member[];
  /** `paused`: stopped in the middle of its work, and going on as if no time had passed. */
  readonly how: 'killed' | 'paused';
  /** Share of the steps of the whole run that are done by then. */
  readonly at: number;
  readonly downMs: number;
}

export interface KafkaPlanOptions {
  /** In each of them every process is killed once. */
  readonly rounds: number;
  /** Two processes at once, in each round. */
  readonly pairs: boolean;
  /** A reader's process is paused for so long, one pause each. */
  readonly pausesMs: readonly number[];
  /** The broker is away for so long, one absence each. */
  readonly absencesMs: readonly number[];
}

const READERS: readonly Member[] = ['ingest A', 'ingest B'];

/** The same seed gives the same plan. */
export function kafkaPlan(seed: number, { rounds, pairs, pausesMs, absencesMs }: KafkaPlanOptions): KafkaBlow[] {
  const random = streamOf(seed, 1);
  const blows: Omit<KafkaBlow, 'at'>[] = [];
  const add = (victims: readonly Member[], how: KafkaBlow['how'], downMs: number): void => {
    blows.push({ victims, how, downMs });
  };
  const downMs = (): number => Math.round(uniform(random, 500, 3_000));
  for (let round = 0; round < rounds; round++) {
    for (const member of MEMBERS) add([member], 'killed', downMs());
    if (pairs) add(shuffled(MEMBERS, random).slice(0, 2), 'killed', downMs());
  }
  pausesMs.forEach((ms, i) => {
    add(READERS.slice(i % 2, (i % 2) + 1), 'paused', ms);
  });
  for (const ms of absencesMs) add(['kafka'], 'killed', ms);
  const moments = blows.map(() => uniform(random, 0.02, 0.95)).sort((a, b) => a - b);
  return shuffled(blows, random).map((blow, i) => ({ ...blow, at: moments[i] ?? 1 }));
}

function shuffled<Item>(items: readonly Item[], random: Stream): Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(pick(random, rest.length), 1));
}
