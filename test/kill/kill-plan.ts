import { pick, streamOf, uniform, type Stream } from '../../streams/simulation/random-stream.js';
import { VICTIMS, type Victim } from './harness.js';

/** One blow: who is killed, when, and for how long it is away. */
export interface Blow {
  readonly victims: readonly Victim[];
  /** Share of the documents of the whole run that are there by then. */
  readonly at: number;
  readonly downMs: number;
}

/** In each round every victim is killed once and, where `pairs`, two are killed at once. The same seed gives the same plan. */
export function killPlan(seed: number, { rounds, pairs }: { rounds: number; pairs: boolean }): Blow[] {
  const random = streamOf(seed, 0);
  const victims = Array.from({ length: rounds }, () => {
    const [first, second] = shuffled(VICTIMS, random);
    const alone = shuffled(VICTIMS, random).map((victim) => [victim]);
    return pairs && first !== undefined && second !== undefined ? [...alone, [first, second]] : alone;
  }).flat();
  const moments = victims.map(() => uniform(random, 0.02, 0.98)).sort((a, b) => a - b);
  return victims.map((those, i) => ({
    victims: those,
    at: moments[i] ?? 1,
    downMs: Math.round(uniform(random, 500, 3_000)),
  }));
}

function shuffled<Item>(items: readonly Item[], random: Stream): Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(pick(random, rest.length), 1));
}
