import { ARCHIVE_PARTITION } from '../../model/stream.js';
import { alertFormat } from '../alert-format.js';
import type { AvroRecord } from '../avro/container-records.js';
import { Unreadable } from '../avro/unreadable.js';
import type { Format } from '../format.js';
import type { BadPacket, PacketOf } from '../packet.js';
import { archiveEntries } from './archive-entries.js';

/**
 * The packets under these paths (file, folder, `.tar`, `.tar.gz`, address of one of them), in order of names; decided by
 * content, not by name.
 */
export async function* readPackets<Content extends object>(
  paths: readonly string[],
  format: Format<Content>,
  fromOffset = 0,
): AsyncGenerator<PacketOf<Content> | BadPacket> {
  let offset = 0;
  for await (const { name, content } of archiveEntries(paths, (head, entry) => format.isPacket(head, entry))) {
    let record = 0;
    const isDamaged = content instanceof Unreadable;
    const items = isDamaged ? [{ problem: content, bytes: Buffer.alloc(0) }] : await format.unpack(content);
    for (const item of items) {
      const place = record === 0 ? name : `${name}#${record}`;
      if (offset >= fromOffset) yield { partition: ARCHIVE_PARTITION, offset, place, ...item };
      offset++;
      record++;
    }
  }
}

/** The alerts under these paths. */
export function readArchive(
  paths: readonly string[],
  fromOffset = 0,
): AsyncGenerator<PacketOf<AvroRecord> | BadPacket> {
  return readPackets(paths, alertFormat(), fromOffset);
}
