import type { PartitionOwner, Source, StartAt } from '../../streams/source.js';

/** A message to be written; where it goes is always said, so that a test knows the order. */
export interface TestMessage {
  readonly partition: number;
  readonly value: Buffer;
  readonly timeMs?: number;
}

export interface ReaderRequest {
  readonly topics: readonly string[];
  readonly group: string;
  readonly startAt: StartAt;
  readonly until?: 'end';
  /** Which of how many readers; the only one by default. */
  readonly index?: number;
  readonly of?: number;
  /** What the stream knows; nothing by default. */
  readonly takeOver?: PartitionOwner['takeOver'];
  readonly release?: PartitionOwner['release'];
  readonly onNotice?: (message: string) => void;
}

/** A reader in a process of its own, to be killed. */
export interface DoomedReader {
  /** Offsets by partition that it has taken up, and those of them that it has acknowledged. */
  readonly taken: ReadonlyMap<string, readonly number[]>;
  readonly acknowledged: ReadonlyMap<string, number>;
  kill(): Promise<void>;
}

/**
 * What the contract needs of a transport: partitioned topics, groups with acknowledged positions, and a broker that can
 * be stopped. Sessions last a second or two, and topics are looked for about as often.
 */
export interface SourceRig {
  open(request: ReaderRequest): Promise<Source>;
  /** Acknowledges so many batches, then only takes. */
  spawnReader(request: ReaderRequest, acknowledgeCount: number): DoomedReader;
  createTopic(partitions: number, name?: string): Promise<string>;
  addPartitions(topic: string, count: number): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  deleteBefore(topic: string, partition: number, offset: number): Promise<void>;
  write(topic: string, messages: readonly TestMessage[]): Promise<void>;
  committed(group: string, topic: string): Promise<Readonly<Record<string, number>>>;
  receivedBytes(): number;
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
  /** The most bytes that one fetch brings to a reader of this rig. */
  readonly fetchBytes: number;
}
