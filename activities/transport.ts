import type { StreamRequest } from '../model/stream.js';
import { alertFormat } from '../streams/alert-format.js';
import { readPackets } from '../streams/archive/archive.js';
import type { AvroRecord } from '../streams/avro/container-records.js';
import type { Format } from '../streams/format.js';
import { ARCHIVE_PARTITION, type BadPacket, type PacketOf, type PacketPlace } from '../streams/packet.js';
import type { PartitionOwner } from '../streams/source.js';
import { AlertIntake, type IngestDeps } from './alert-intake.js';
import type { Intake } from './intake.js';

/** Packets of one partition, one after the other. */
export interface Delivery<Packet extends PacketPlace> {
  readonly partition: string;
  readonly packets: readonly (Packet | BadPacket)[];
  /** The offset after the last. */
  readonly to: number;
  /** The offset of the next packet written there, as last heard; nobody knows it of an archive. */
  readonly end?: number;
}

/** A source whose messages are taken apart. */
export interface Transport<Packet extends PacketPlace> {
  deliveries(): AsyncGenerator<Delivery<Packet>, void>;
  acknowledge(partition: string, offset: number): Promise<void>;
  close(): Promise<void>;
}

/** What a stream of this request is read with, and what becomes of its packets. */
export interface Plan<Packet extends PacketPlace> {
  readonly intake: Intake<Packet>;
  open(owner: PartitionOwner): Promise<Transport<Packet>>;
}

export function planOf(deps: IngestDeps, request: StreamRequest, reader: number): Plan<PacketOf<AvroRecord>> {
  const format = alertFormat();
  return {
    intake: new AlertIntake(deps, request),
    open: (owner) => openTransport(request, format, owner, reader),
  };
}

async function openTransport<Content extends object>(
  { source }: StreamRequest,
  format: Format<Content>,
  owner: PartitionOwner,
  reader: number,
): Promise<Transport<PacketOf<Content>>> {
  if (source.kind !== 'archive') throw new Error(`not there yet: ${source.kind} ${reader}`);
  const from = (await owner.takeOver([ARCHIVE_PARTITION])).get(ARCHIVE_PARTITION) ?? 0;
  let isOpen = true;
  const packets = readPackets(source.paths, format, from);
  return {
    deliveries: async function* () {
      for await (const packet of packets) {
        yield { partition: ARCHIVE_PARTITION, packets: [packet], to: packet.offset + 1 };
        if (!isOpen) return;
      }
    },
    acknowledge: () => Promise.resolve(),
    close: () => {
      isOpen = false;
      return Promise.resolve();
    },
  };
}
