import type { schema } from 'avsc';
import { parseWriterSchema, type WriterSchema } from '../streams/avro/writer-schema.js';
import { encode } from './avro-container.js';

type Schema = schema.AvroSchema;
/** Fields of a record, 64-bit integers as decimal strings. */
export type Values = Readonly<Record<string, unknown>>;

export interface LsstPacket {
  /** What differs from `SOURCE`. */
  readonly source?: Values;
  readonly sources?: readonly Values[] | null;
  readonly forced?: readonly Values[] | null;
  readonly limits?: readonly Values[] | null;
  /** What differs from `OBJECT`; null where there is none, as of a solar-system object. */
  readonly object?: Values | null;
  readonly ssObject?: Values | null;
  readonly ssSource?: Values | null;
  readonly alertId?: string;
}

export const OBJECT_ID = '25409118864932952';
export const SOURCE_ID = '25409136044802058';

/** The triggering source: 5 sigma, MJD 61000.25 TAI. */
export const SOURCE: Values = {
  ...{ diaSourceId: SOURCE_ID, visit: '6570009', diaObjectId: OBJECT_ID, ssObjectId: null, midpointMjdTai: 61000.25 },
  ...{ ra: 150, dec: 2.25, psfFlux: 500, psfFluxErr: 100, snr: 5, band: 'g', isNegative: false, reliability: 0.75 },
};

/** An earlier source in another visit. */
export const EARLIER: Values = {
  ...SOURCE,
  ...{ diaSourceId: '25409136044802001', visit: '6570001', midpointMjdTai: 60990.25, psfFlux: 400, band: 'r' },
};

/** Forced photometry in a third visit, without a detection there. */
export const FORCED: Values = {
  ...{ diaForcedSourceId: '25409136044803001', visit: '6570002', midpointMjdTai: 60995.25, ra: 150, dec: 2.25 },
  ...{ psfFlux: 50, psfFluxErr: 100, band: 'i' },
};

export const LIMIT: Values = { visit: '6570003', midpointMjdTai: 60985.25, band: 'z', diaNoise: 120 };

export const OBJECT: Values = {
  ...{ diaObjectId: OBJECT_ID, ra: 150, dec: 2.25, raErr: 0.0001, decErr: null, ra_dec_Cov: null },
  ...{ radecMjdTai: 61000.25, nDiaSources: 2 },
};

export const SS_OBJECT: Values = { ssObjectId: '20890836203', numObs: 12, arc: 3.5 };
export const SS_SOURCE: Values = { ssObjectId: '20890836203', diaSourceId: SOURCE_ID, heliocentricDist: 2.5 };

/** A packet as the survey takes it. */
export function lsstPacket(packet: LsstPacket = {}): { readonly schema: WriterSchema; readonly record: Buffer } {
  return { schema: SCHEMA, record: encode(LSST_SCHEMA, lsstRecord(packet)) };
}

/** The record that is encoded. */
export function lsstRecord({ source, object, alertId = SOURCE_ID, ...parts }: LsstPacket): Values {
  return {
    ...{ diaSourceId: alertId, diaSource: { ...SOURCE, ...source }, prvDiaSources: parts.sources ?? null },
    ...{ prvDiaForcedSources: parts.forced ?? null, diaNondetectionLimit: parts.limits ?? null },
    ...{ diaObject: object === null ? null : { ...OBJECT, ...object } },
    ...{ ssObject: parts.ssObject ?? null, ssSource: parts.ssSource ?? null },
    cutoutDifference: Buffer.from('SIMPLE'),
  };
}

const record = (name: string, types: Readonly<Record<string, Schema>>): Schema => ({
  type: 'record',
  name,
  fields: Object.entries(types).map(([field, type]) => ({ name: field, type })),
});
const list = (items: Schema): Schema => ['null', { type: 'array', items }];

/** A small version of LSST's schema: sources of now and before are one type. */
export const LSST_SCHEMA: Schema = {
  type: 'record',
  name: 'alert',
  namespace: 'lsst.v9_9',
  fields: Object.entries({
    diaSourceId: 'long',
    diaSource: record('diaSource', {
      ...{ diaSourceId: 'long', visit: 'long', diaObjectId: ['null', 'long'], ssObjectId: ['null', 'long'] },
      ...{ midpointMjdTai: 'double', ra: 'double', dec: 'double', psfFlux: ['null', 'float'] },
      ...{ psfFluxErr: ['null', 'float'], snr: ['null', 'float'], band: ['null', 'string'] },
      ...{ isNegative: ['null', 'boolean'], reliability: ['null', 'float'] },
    }),
    prvDiaSources: list('diaSource'),
    prvDiaForcedSources: list(
      record('diaForcedSource', {
        ...{ diaForcedSourceId: 'long', visit: 'long', midpointMjdTai: 'double', ra: 'double', dec: 'double' },
        ...{ psfFlux: ['null', 'float'], psfFluxErr: ['null', 'float'], band: ['null', 'string'] },
      }),
    ),
    diaNondetectionLimit: list(
      record('diaNondetectionLimit', {
        ...{ visit: 'long', midpointMjdTai: 'double', band: 'string', diaNoise: 'float' },
      }),
    ),
    diaObject: [
      'null',
      record('diaObject', {
        ...{ diaObjectId: 'long', ra: 'double', dec: 'double', raErr: ['null', 'float'], decErr: ['null', 'float'] },
        ...{ ra_dec_Cov: ['null', 'float'], radecMjdTai: ['null', 'double'], nDiaSources: ['null', 'int'] },
      }),
    ],
    ssObject: ['null', record('ssObject', { ssObjectId: 'long', numObs: ['null', 'int'], arc: ['null', 'float'] })],
    ssSource: [
      'null',
      record('ssSource', { ssObjectId: ['null', 'long'], diaSourceId: ['null', 'long'], heliocentricDist: 'float' }),
    ],
    cutoutDifference: ['null', 'bytes'],
  }).map(([name, type]) => ({ name, type: type as Schema })),
};

const SCHEMA = parseWriterSchema(JSON.stringify(LSST_SCHEMA));
