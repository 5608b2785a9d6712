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
      values ??= new Array<unknown>(count);
      for (let i = 0; i < count; i++) values[start + i] = items._read(tap);
    }
    return values ?? [];
  }

  _skip(tap: Tap): void {
    const items = this.itemsType as unknown as Items;
    for (let count = nextCount(tap); count > 0; count = nextCount(tap)) {
      for (let i = 0; i < count; i++) items._skip(tap);
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
  if (count <= tap.buf.length - tap.pos) return count;
  // What avsc reports as an incomplete record.
  tap.pos = tap.buf.length + 1;
  return 0;
}
