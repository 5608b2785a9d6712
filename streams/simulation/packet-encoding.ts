import avsc from 'avsc';
import { PACKET_PARTS, packetSchema } from './packet-schema.js';
import { PURPOSE, streamOf } from './random-stream.js';

/** The parts of an alert packet, each encoded by itself. */
export interface PacketParts {
  readonly head: Buffer;
  /** Oldest first. */
  readonly history: readonly Buffer[];
  readonly cutouts: Buffer;
}

/** `schemavsn` to `candidate`, the candidate in groups of fields. */
export function encodeHead(head: object): Buffer {
  return types.head.toBuffer(head);
}

/** One entry of `prv_candidates`, in groups of fields. */
export function encodeHistoryEntry(entry: object): Buffer {
  return types.historyEntry.toBuffer(entry);
}

/** `cutoutScience`, `cutoutTemplate`, `cutoutDifference`: each a record or null. */
export function encodeCutouts(cutouts: object): Buffer {
  return types.cutouts.toBuffer(cutouts);
}

const LONG = avsc.Type.forSchema('long');

/** 64-bit integers from decimal strings (candids exceed 2^53) or, where they fit a double, from numbers. */
const longFromString = avsc.types.LongType.__with({
  toBuffer: (value: string | number) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE().toString(),
  fromJSON: (value: unknown) => String(value),
  toJSON: (value: unknown) => value,
  isValid: (value: unknown) => typeof value === 'string' || Number.isSafeInteger(value),
  compare: (one: string, other: string) => Number(BigInt(one) - BigInt(other)),
});

// avsc writes into the registry it is given, so each type gets its own.
const options = (): Partial<avsc.ForSchemaOptions> => ({ registry: { long: longFromString }, omitRecordMethods: true });
const types = {
  head: avsc.Type.forSchema(PACKET_PARTS.head, options()),
  historyEntry: avsc.Type.forSchema(PACKET_PARTS.historyEntry, options()),
  cutouts: avsc.Type.forSchema(PACKET_PARTS.cutouts, options()),
};

/**
 * Writer of Avro object container files of one alert each, codec null, as ZTF publishes them. Their common header is
 * made once; the sync marker, random in a real container, comes from the seed, so that the bytes can be made again.
 */
export function containerWriter(seed: number): (packet: PacketParts) => Buffer {
  const sync = syncMarker(seed);
  const start = Buffer.concat([containerHeader(sync), varint(1)]);
  return ({ head, history, cutouts }) => {
    const list = history.length === 0 ? [NO_HISTORY] : [SOME_HISTORY, varint(history.length), ...history, END_OF_LIST];
    const record = [head, ...list, cutouts];
    const bytes = record.reduce((sum, part) => sum + part.length, 0);
    return Buffer.concat([start, varint(bytes), ...record, sync]);
  };
}

/** Branches of the union of `prv_candidates`: the list comes first, null second. */
const SOME_HISTORY = varint(0);
const NO_HISTORY = varint(1);
const END_OF_LIST = varint(0);

/** Layout: Avro specification 1.11, object container files. */
function containerHeader(sync: Buffer): Buffer {
  const metadata = avsc.Type.forSchema({ type: 'map', values: 'bytes' }).toBuffer({
    'avro.schema': Buffer.from(JSON.stringify(packetSchema())),
    'avro.codec': Buffer.from('null'),
  });
  return Buffer.concat([Buffer.from('Obj\x01', 'latin1'), metadata, sync]);
}

function syncMarker(seed: number): Buffer {
  const stream = streamOf(seed, PURPOSE.sync);
  const sync = Buffer.alloc(16);
  for (let i = 0; i < 16; i += 4) sync.writeInt32LE(stream.next(), i);
  return sync;
}

function varint(value: number): Buffer {
  return LONG.toBuffer(value);
}
