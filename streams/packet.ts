import type { AvroRecord, Damage } from './avro/container-records.js';

/** Where a packet stands in its stream. */
export interface PacketPlace {
  /** Part of the stream with an order of its own. */
  readonly partition: string;
  /** Its position there; in an archive the number of packets before it. */
  readonly offset: number;
  /** The same for a person: file, entry, record. */
  readonly place: string;
}

/** One encoded alert with the schema it was written with. */
export type Packet = PacketPlace & AvroRecord;

/** Something that should have been a packet and could not be read. */
export type BadPacket = PacketPlace & Damage;

/** A packet of any format, taken apart. */
export type PacketOf<Content> = PacketPlace & Content;

export function isBad<Content>(packet: PacketOf<Content> | BadPacket): packet is BadPacket {
  return 'problem' in packet;
}
