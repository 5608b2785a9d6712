import avsc from 'avsc';
import { packetSchema } from './packet-schema.js';
import { PURPOSE, streamOf } from './random-stream.js';

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

/** Longest packet without cutouts is some 20 kB; the scratch grows where it must. */
const SCRATCH_BYTES = 128 * 1024;

/**
 * Writer of Avro object container files of one alert each, codec null, as ZTF publishes them. Their common header is
 * made once; the sync marker, random in a real container, comes from the seed, so that the bytes can be made again.
 */
export function packetWriter(seed: number): (packet: object) => Buffer {
  const type = avsc.Type.forSchema(packetSchema('grouped'), {
    registry: { long: longFromString },
    omitRecordMethods: true,
  });
  const sync = syncMarker(seed);
  const start = Buffer.concat([containerHeader(sync), varint(1)]);
  let scratch = Buffer.allocUnsafe(SCRATCH_BYTES);
  return (packet) => {
    let bytes = type.encode(packet, scratch, 0);
    if (bytes < 0) {
      // avsc answers minus the number of bytes that were missing.
      scratch = Buffer.allocUnsafe(scratch.length - bytes);
      bytes = type.encode(packet, scratch, 0);
    }
    return Buffer.concat([start, varint(bytes), scratch.subarray(0, bytes), sync]);
  };
}

/** Layout: Avro specification 1.11, object container files. */
function containerHeader(sync: Buffer): Buffer {
  const metadata = avsc.Type.forSchema({ type: 'map', values: 'bytes' }).toBuffer({
    'avro.schema': Buffer.from(JSON.stringify(packetSchema('flat'))),
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
  return avsc.Type.forSchema('long').toBuffer(value);
}
