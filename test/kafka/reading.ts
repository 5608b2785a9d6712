import type { RawBatch, Source } from '../../streams/source.js';

/** What came of a source, by partition. */
export class Taken {
  readonly offsets = new Map<string, number[]>();
  readonly texts: string[] = [];
  readonly batches: RawBatch[] = [];

  add(batch: RawBatch): void {
    this.batches.push(batch);
    const offsets = this.offsets.get(batch.partition) ?? [];
    this.offsets.set(batch.partition, offsets);
    for (const { offset, bytes } of batch.packets) {
      offsets.push(offset);
      if (bytes.length < 100) this.texts.push(bytes.toString());
    }
  }

  get count(): number {
    return [...this.offsets.values()].reduce((total, offsets) => total + offsets.length, 0);
  }

  get partitions(): string[] {
    return [...this.offsets.keys()].sort();
  }
}

export interface ReadingOptions {
  /** Told to the source after each batch; true by default. */
  readonly acknowledge?: boolean;
  /** Work with each batch, waited for. */
  readonly work?: (batch: RawBatch, taken: Taken) => Promise<void>;
}

/** Reads a source to its end. */
export async function readToEnd(source: Source, options: ReadingOptions = {}): Promise<Taken> {
  const { taken, ended } = readOn(source, options);
  await ended;
  return taken;
}

/** Reads a source beside the test. */
export function readOn(
  source: Source,
  { acknowledge = true, work }: ReadingOptions = {},
): { readonly taken: Taken; readonly ended: Promise<void> } {
  const taken = new Taken();
  const read = async (): Promise<void> => {
    for await (const batch of source.batches()) {
      taken.add(batch);
      await work?.(batch, taken);
      if (acknowledge) await source.acknowledge(batch.partition, batch.to);
    }
  };
  const ended = read();
  // Looked at later.
  ended.catch(() => undefined);
  return { taken, ended };
}

/** A gate that work waits at. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const doors: { open?: () => void } = {};
  const opened = new Promise<void>((resolve) => (doors.open = resolve));
  return {
    opened,
    open() {
      doors.open?.();
    },
  };
}
