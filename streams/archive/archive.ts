import { ARCHIVE_PARTITION } from '../../model/stream.js';
import { alertFormat } from '../alert-format.js';
import type { AvroRecord, Damage } from '../avro/container-records.js';
import { Unreadable } from '../avro/unreadable.js';
import type { Format } from '../format.js';
import type { BadPacket, PacketOf } from '../packet.js';
import { archiveEntries } from './archive-entries.js';

/**
 * The packets under these paths (file, folder, `.tar`, `.tar.gz`, address of one of them), in order of names; decided by
 * content, not by name. Those come together between which nothing has to be waited for.
 */
export async function* readPackets<Content extends object>(
  paths: readonly string[],
  format: Format<Content>,
  fromOffset = 0,
): AsyncGenerator<readonly (PacketOf<Content> | BadPacket)[]> {
  let offset = 0;
  for await (const entries of archiveEntries(paths, (head, entry) => format.isPacket(head, entry))) {
    const packets: (PacketOf<Content> | BadPacket)[] = [];
    for (const { name, content } of entries) {
      const items = itemsOf(content, format);
      let record = 0;
      for (const item of items instanceof Promise ? await items : items) {
        // Each may be large, and who knows how many there are.
        if (record > 0 && packets.length > 0) yield packets.splice(0, Infinity);
        const place = record === 0 ? name : `${name}#${record}`;
        if (offset >= fromOffset) packets.push({ partition: ARCHIVE_PARTITION, offset, place, ...item });
        offset++;
        record++;
      }
    }
    if (packets.length > 0) yield packets;
  }
}

function itemsOf<Content extends object>(
  content: Buffer | Unreadable,
  format: Format<Content>,
): Iterable<Content | Damage> | Promise<Iterable<Content | Damage>> {
  return content instanceof Unreadable ? [{ problem: content, bytes: Buffer.alloc(0) }] : format.unpack(content);
}

/** The alerts under these paths, one after the other. */
export async function* readArchive(
  paths: readonly string[],
  fromOffset = 0,
): AsyncGenerator<PacketOf<AvroRecord> | BadPacket> {
  for await (const packets of readPackets(paths, alertFormat(), fromOffset)) yield* packets;
}
