import avsc from 'avsc';
import { CONTAINER_MAGIC } from './object-container.js';

const METADATA = avsc.Type.forSchema({ type: 'map', values: 'bytes' });
const LONG = avsc.Type.forSchema('long');
/** Random in a container that is cut and searched for it; here nobody does. */
const SYNC = Buffer.from('ampel-one-record', 'latin1');

/** An Avro object container of one record, uncompressed, which any Avro tool can read. `schemaJson`: its writer schema. */
export function oneRecordContainer(schemaJson: string, record: Buffer): Buffer {
  const metadata = { 'avro.schema': Buffer.from(schemaJson), 'avro.codec': Buffer.from('null') };
  return Buffer.concat([
    ...[CONTAINER_MAGIC, METADATA.toBuffer(metadata), SYNC],
    ...[LONG.toBuffer(1), LONG.toBuffer(record.length), record, SYNC],
  ]);
}
