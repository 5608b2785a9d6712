import type { BadPacket, PacketPlace } from '../streams/packet.js';
import type { BatchCounts } from './partition-positions.js';

/** What becomes of the packets of a stream: alerts are screened, notices become events. */
export interface Intake<Packet extends PacketPlace> {
  /** To be called when no batch is open: looks at what has changed, such as the channels. Throws where nobody wants the stream. */
  refresh(): Promise<void>;
  /** What other readers have done to these partitions counts from now on; `positions`: where they stand. */
  takeOver(positions: ReadonlyMap<string, number>): Promise<void>;
  begin(partition: string, from: number): OpenBatch<Packet>;
}

/** A batch of one partition that still grows. */
export interface OpenBatch<Packet extends PacketPlace> {
  readonly partition: string;
  readonly size: number;
  /** What could not be read; once it is persisted, also what claims the id of another object's alert. */
  readonly bad: readonly BadPacket[];
  add(packet: Packet | BadPacket): void;
  /**
   * All effects of the packets before offset `to`; the same batch again changes nothing. Answers what to count, and the
   * receipt that is still to be written.
   */
  persist(to: number, reading: number): Promise<Omit<BatchCounts, 'end'>>;
}
