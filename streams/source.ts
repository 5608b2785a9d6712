/**
 * The port of all transports. A source is asked for the next batch when the one before is taken up: whoever does not ask
 * holds the transport back. It forgets nothing that was not acknowledged.
 */
export interface Source {
  /** Batches in the order of their offsets, partition by partition; ends where the input does, or when `close` is called. */
  batches(): AsyncGenerator<RawBatch, void>;
  /** Everything of this partition before `offset` has had its effects. */
  acknowledge(partition: string, offset: number): Promise<void>;
  /** Ends `batches()`. What was not acknowledged comes again next time. */
  close(): Promise<void>;
}

/** Packets of one partition, one after the other. */
export interface RawBatch {
  /** Part of the stream with an order of its own: `<topic>/<number>` on Kafka. */
  readonly partition: string;
  readonly packets: readonly RawPacket[];
  /** The offset after the last packet: where the next batch begins. */
  readonly to: number;
  /** The offset that the next packet written to this partition gets, as last heard: `end - to` is the lag. */
  readonly end: number;
}

/** One message as it was transported, not yet looked into. */
export interface RawPacket {
  /** Position inside its partition. Offsets rise, and may have gaps. */
  readonly offset: number;
  /** The same for a person. */
  readonly place: string;
  readonly bytes: Buffer;
}

/** Where a partition is read from that this stream has not read before. */
export type StartAt = 'earliest' | 'latest' | { readonly timeMs: number };

/** What a source that shares its partitions with other readers asks the stream. */
export interface PartitionOwner {
  /**
   * Called with the partitions that this reader gets, before their first batch: where to begin, for those that the
   * stream knows. The others begin at `StartAt`.
   */
  takeOver(partitions: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Called before others may get this reader's partitions. Settles when nothing of them is under way; nothing more is to
   * be done with them, or with batches that still come, before `takeOver`.
   */
  release(): Promise<void>;
}
