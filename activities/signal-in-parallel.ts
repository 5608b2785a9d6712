/** Signals under way at once: more does not make the server quicker and fills its queues. */
const SIGNALS_AT_ONCE = 32;

/** Does `signal` for each item, some at once. Rejects with the first error. */
export async function signalInParallel<Item>(
  items: readonly Item[],
  signal: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await signal(item);
  };
  await Promise.all(Array.from({ length: SIGNALS_AT_ONCE }, lane));
}
