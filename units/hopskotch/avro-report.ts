import { buffer } from 'node:stream/consumers';
import type { Schema } from 'avsc';
import type { TransientReport } from './transient-report.js';

const orNull = (type: string) => ['null', type];

/** Field by field as AMPEL's reports, of what is told here. */
export const REPORT_SCHEMA = {
  type: 'record',
  name: 'TransientReport',
  namespace: 'ampel',
  fields: [
    {
      name: 'object',
      type: {
        type: 'record',
        name: 'Object',
        fields: [
          { name: 'id', type: 'long', doc: "AMPEL's id of the object: LSST's diaObjectId" },
          {
            name: 'external_id',
            type: orNull('string'),
            default: null,
            doc: "the survey's name where it is no number",
          },
          { name: 'ra', type: 'double', doc: 'ICRS, deg' },
          { name: 'ra_err', type: orNull('double'), default: null, doc: 'deg' },
          { name: 'dec', type: 'double', doc: 'ICRS, deg' },
          { name: 'dec_err', type: orNull('double'), default: null, doc: 'deg' },
          { name: 'ra_dec_cov', type: orNull('double'), default: null, doc: 'deg^2' },
          { name: 'source', type: 'string', doc: 'survey' },
        ],
      },
    },
    {
      name: 'photometry',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'PhotometricPoint',
          fields: [
            { name: 'time', type: 'double', doc: 'Julian date of the exposure, TAI for LSST and UTC for ZTF' },
            { name: 'flux', type: 'double', doc: 'of the difference image, nJy' },
            { name: 'fluxerr', type: 'double', doc: 'one standard deviation, nJy' },
            { name: 'band', type: 'string', doc: 'survey and band: lssti, ztfg' },
            { name: 'zp', type: 'double', doc: 'magnitude of a flux of 1' },
            { name: 'zpsys', type: 'string' },
          ],
        },
      },
    },
    {
      name: 'features',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Feature',
          fields: [
            { name: 'name', type: 'string', doc: 'the unit that has computed them' },
            { name: 'features', type: { type: 'map', values: 'double' } },
          ],
        },
      },
    },
  ],
} satisfies Schema;

/** An Avro object container file of one record, which brings its schema along: what hop-client calls an AvroBlob. */
export async function avroReport(report: TransientReport): Promise<Buffer> {
  const { default: avsc } = await import('avsc');
  // Ids exceed 2^53.
  const long = avsc.types.LongType.__with({
    toBuffer: (value: string) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(value));
      return bytes;
    },
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE().toString(),
    fromJSON: String,
    toJSON: (value: string) => value,
    isValid: (value: unknown) => typeof value === 'string' && /^-?\d+$/.test(value),
    compare: (one: string, other: string) => Number(BigInt(one) - BigInt(other)),
  });
  const type = avsc.Type.forSchema(REPORT_SCHEMA, { registry: { long } });
  const encoder = new avsc.streams.BlockEncoder(type, { codec: 'null' });
  encoder.end(report);
  return await buffer(encoder);
}
