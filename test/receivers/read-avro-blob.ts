import avsc from 'avsc';

/** All records of a container, as fastavro's reader gives them to hop-client; 64-bit integers as decimal strings. */
export async function readAvroBlob(bytes: Buffer): Promise<unknown[]> {
  const long = avsc.types.LongType.__with({
    fromBuffer: (eight: Buffer) => eight.readBigInt64LE().toString(),
    toBuffer: () => Buffer.alloc(8),
    fromJSON: String,
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'string',
    compare: () => 0,
  });
  const parseHook = (schema: avsc.Schema): avsc.Type => avsc.Type.forSchema(schema, { registry: { long } });
  const decoder = new avsc.streams.BlockDecoder({ parseHook });
  decoder.end(bytes);
  const records: unknown[] = [];
  for await (const record of decoder) records.push(plain(record));
  return records;
}

/** Without the client's classes. */
function plain(record: unknown): unknown {
  return JSON.parse(JSON.stringify(record));
}
