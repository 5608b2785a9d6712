import type { Unreadable } from './avro/unreadable.js';
import type { WriterSchema } from './avro/writer-schema.js';

/** Where a packet stands in its stream. */
export interface PacketPlace {
  /** Number of packets before this one since the start of the stream: its position. */
  readonly ordinal: number;
  /** The same for a person: file, entry, record. */
  readonly place: string;
}

/** One encoded alert with the schema it was written with. */
export interface Packet extends PacketPlace {
  readonly schema: WriterSchema;
  readonly record: Buffer;
}

/** Something that should have been an alert and could not be read. */
export interface BadPacket extends PacketPlace {
  readonly problem: Unreadable;
  /** What was found, bounded. */
  readonly bytes: Buffer;
}

export function isBad(packet: Packet | BadPacket): packet is BadPacket {
  return 'problem' in packet;
}
