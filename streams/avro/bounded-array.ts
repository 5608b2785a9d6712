import avsc from 'avsc';

/** A position in the bytes that are decoded: what avsc hands to its types. */
interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
}

/** The part of avsc's types that its declarations leave out. */
interface Items {
  _read(tap: Tap): unknown;
  _skip(tap: Tap): void;
}

/** More are not made room for before they are there. */
const EXPECTED_ITEMS = 1024;

/** Items that the record which is being decoded may still have. Decoding never waits, so there is one at a time. */
let itemsLeft = 0;

/** Call before each record: reading it throws where it has more than `most` items in all its arrays together. */
export function allowItems(most: number): void {
  itemsLeft = most;
}

/**
 * An array whose items must fit into the bytes that are left. avsc believes the count it finds: a damaged one keeps it
 * busy for years, or fills the memory. A count that cannot be true is an end that comes too early.
 */
export class BoundedArray extends avsc.types.ArrayType {
  /** Also called on avsc's resolvers, which have `itemsType` and nothing else of this class. */
  _read(tap: Tap): unknown[] {
    const items = this.itemsType as unknown as Items;
    let values: unknown[] | undefined;
    for (let count = nextCount(tap); count > 0; count = nextCount(tap)) {
      const start: number = values?.length ?? 0;
      values ??= new Array<unknown>(Math.min(count, EXPECTED_ITEMS));
      for (let i = 0; i < count && isInside(tap); i++) values[start + i] = items._read(tap);
    }
    return values ?? [];
  }

  _skip(tap: Tap): void {
    const items = this.itemsType as unknown as Items;
    for (let count = nextCount(tap); count > 0; count = nextCount(tap)) {
      for (let i = 0; i < count && isInside(tap); i++) items._skip(tap);
    }
  }
}

/** Number of items of the next block; 0 at the end of the array, and of the bytes. */
function nextCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    // The size of the block in bytes, for readers that skip it.
    tap.readLong();
  }
  // No item takes less than a byte.
  if (count <= tap.buf.length - tap.pos) {
    // Items of a damaged schema do: of nulls, a few bytes claim millions again and again.
    if (count > itemsLeft) throw new Error('its lists have more items than those of any alert');
    itemsLeft -= count;
    return count;
  }
  // What avsc reports as an incomplete record.
  tap.pos = tap.buf.length + 1;
  return 0;
}

/** Beyond the end avsc goes on, and reads zeros. */
function isInside(tap: Tap): boolean {
  return tap.pos <= tap.buf.length;
}
