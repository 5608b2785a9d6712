/** Items in portions of `size`, the last as it is left: a producer sends one portion in one request. */
export function* portions<Item>(items: Iterable<Item>, size: number): Generator<Item[], void> {
  let portion: Item[] = [];
  for (const item of items) {
    portion.push(item);
    if (portion.length < size) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
