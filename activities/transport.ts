import { ARCHIVE_PARTITION, type StreamRequest, type StreamSource } from '../model/stream.js';
import { readPackets } from '../streams/archive/archive.js';
import type { Format } from '../streams/format.js';
import type { BadPacket, PacketOf, PacketPlace } from '../streams/packet.js';
import type { KafkaNotice } from '../streams/kafka/notice.js';
import { kafkaSource } from '../streams/kafka/source.js';
import { simulatedMessages } from '../streams/simulation/packets.js';
import type { PartitionOwner, RawPacket } from '../streams/source.js';

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

/** Who opens a transport. */
export interface Reader {
  readonly owner: PartitionOwner;
  /** Which of the stream's readers this is, from 0. */
  readonly index: number;
  /** Resolves a secret by name. */
  readonly secret: (name: string) => string;
  /** Takes down what a person should hear of and that does not end the reading. */
  readonly onNotice: (notice: KafkaNotice) => void;
}

/** Opens what the stream reads from, at the positions that the owner knows. */
export async function openTransport<Content extends object>(
  { source, readers = 1 }: StreamRequest,
  format: Format<Content>,
  { owner, index, secret, onNotice }: Reader,
): Promise<Transport<PacketOf<Content>>> {
  if (source.kind !== 'kafka') return inOnePartition(await inOrder(source, format, owner));
  const kafka = await kafkaSource(source, { owner, reader: { index, of: readers }, secret, onNotice });
  return {
    deliveries: async function* () {
      for await (const { partition, packets, to, end } of kafka.batches()) {
        yield { partition, packets: await unpackAll(partition, packets, format), to, end };
      }
    },
    acknowledge: (partition, offset) => kafka.acknowledge(partition, offset),
    close: () => kafka.close(),
  };
}

/** Packets of what has one partition and an end. */
async function inOrder<Content extends object>(
  source: Exclude<StreamSource, { readonly kind: 'kafka' }>,
  format: Format<Content>,
  owner: PartitionOwner,
): Promise<AsyncIterable<readonly (PacketOf<Content> | BadPacket)[]>> {
  const from = (await owner.takeOver([ARCHIVE_PARTITION])).get(ARCHIVE_PARTITION) ?? 0;
  return source.kind === 'archive'
    ? readPackets(source.paths, format, from)
    : unpackEach(simulatedMessages(source, from), format);
}

function inOnePartition<Packet extends PacketPlace>(
  pieces: AsyncIterable<readonly (Packet | BadPacket)[]>,
): Transport<Packet> {
  let isOpen = true;
  return {
    deliveries: async function* () {
      for await (const packets of pieces) {
        const last = packets.at(-1);
        if (last !== undefined) yield { partition: ARCHIVE_PARTITION, packets, to: last.offset + 1 };
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

async function* unpackEach<Content extends object>(
  messages: Iterable<RawPacket & PacketPlace>,
  format: Format<Content>,
): AsyncGenerator<(PacketOf<Content> | BadPacket)[]> {
  for (const message of messages) yield await unpackAll(message.partition, [message], format);
}

async function unpackAll<Content extends object>(
  partition: string,
  messages: readonly RawPacket[],
  format: Format<Content>,
): Promise<(PacketOf<Content> | BadPacket)[]> {
  const packets: (PacketOf<Content> | BadPacket)[] = [];
  for (const { offset, place, bytes } of messages) {
    const unpacked = format.unpack(bytes);
    for (const item of unpacked instanceof Promise ? await unpacked : unpacked) {
      packets.push({ partition, offset, place, ...item });
    }
  }
  return packets;
}
