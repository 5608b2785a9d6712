import type { Damage } from './avro/container-records.js';

/** How the bytes that a transport brings become packets. */
export interface Format<Content extends object> {
  /** True where an entry of an archive is worth reading, by its first bytes or its name. */
  isPacket(head: Buffer, name: string): boolean;
  /**
   * The packets in a message or file; what is damaged in place of what it should have been. Rejects where the fault is
   * not the packet's, such as a schema registry that is away.
   */
  unpack(bytes: Buffer): Iterable<Content | Damage> | Promise<Iterable<Content | Damage>>;
}
