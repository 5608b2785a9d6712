/** Longest time of one run of a T2 unit that names no other. */
export const LONGEST_RUN_MS = 10 * 60_000;

/**
 * So many computations for each of its threads a worker takes at once: enough that they share round trips to the store. The last
 * of them waits while the others compute, and that is no fault of its own.
 */
export const PLACES_A_THREAD = 4;

/** A run is ended by its worker, which has to tell so. */
const MARGIN_MS = 60_000;

/** Limit of an activity whose unit may run for `limitMs`: what it waits for a thread is in it. Dead workers are noticed by their heartbeats. */
export function unitTimeoutMs(limitMs: number): number {
  return PLACES_A_THREAD * limitMs + MARGIN_MS;
}
