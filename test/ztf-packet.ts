import type { schema } from 'avsc';
import { containerItems } from '../streams/avro/container-records.js';
import { SchemaCache } from '../streams/avro/schema-cache.js';
import type { Packet } from '../streams/packet.js';
import { containerOf, type ContainerOptions } from './avro-container.js';

type Schema = schema.AvroSchema;

/** Fields of a record, 64-bit integers as decimal strings. */
export type Values = Readonly<Record<string, unknown>>;

export interface ZtfPacket {
  readonly objectId?: string;
  readonly candid?: string;
  /** What differs from `CANDIDATE`. */
  readonly candidate?: Values;
  /** Entries of `prv_candidates`; fields that are not given are null. Null: the packet has no list. */
  readonly history?: readonly Values[] | null;
  /** Bytes of its one image stamp. */
  readonly science?: Buffer;
}

/** How the writer's schema differs from ZTF's. */
export interface SchemaChanges {
  /** Types of fields of `candidate` and `prv_candidates`; undefined takes the field away. */
  readonly types?: Readonly<Record<string, Schema | undefined>>;
  /** Names of root fields to leave out. */
  readonly without?: readonly string[];
}

export const OBJECT = 'ZTF18abxhyqv';
/** AMPEL's stock id of it. */
export const STOCK = '360504273';
export const CANDID = '673285273115015035';

/** A bright, round, positive detection far from stars, the galaxy's plane and all that is known of the solar system. */
export const CANDIDATE: Values = {
  ...{ jd: 2458426.75, fid: 2, pid: '673285273115', diffmaglim: 20.5, programid: 1, candid: CANDID, isdiffpos: 't' },
  ...{ ra: 180, dec: 60, magpsf: 18.5, sigmapsf: 0.0625, rb: 0.75, drb: 0.996, fwhm: 2.5, elong: 1.125, nbad: 0 },
  ...{ magdiff: 0.25, ssdistnr: -999, jdstarthist: 2458420.75, jdendhist: 2458426.75, rcid: 50, ndethist: 4 },
  ...{ distpsnr1: 12, sgscore1: 0.25, distpsnr2: 15, sgscore2: 0.25, distpsnr3: 20, sgscore3: 0.25 },
  ...{
    pdiffimfilename: '/ztf/archive/ztf_20181104250000_000651_zr_c13_o_q3_scimrefdiffimg.fits',
    programpi: 'Kulkarni',
  },
};

/** An earlier detection, as `prv_candidates` has it. */
export const EARLIER: Values = {
  ...{ jd: 2458423.75, fid: 2, pid: '670285273115', diffmaglim: 20.25, programid: 1, candid: '670285273115015035' },
  ...{ isdiffpos: 't', magpsf: 18.75, sigmapsf: 0.0625, rb: 0.5, ra: 180, dec: 60, rcid: 50 },
};

/** A non-detection, as `prv_candidates` has it. */
export const LIMIT: Values = { jd: 2458420.75, fid: 1, pid: '667285273115', diffmaglim: 20.5, programid: 1 };

/** The packet as a container of one alert. */
export function ztfContainer(packet: ZtfPacket, changes: SchemaChanges = {}, options: ContainerOptions = {}): Buffer {
  return containerOf(ztfSchema(changes), [ztfRecord(packet, changes)], options);
}

/** The packet as a reader of archives gives it. */
export function packetOf(packet: ZtfPacket, changes: SchemaChanges = {}): Packet {
  for (const item of containerItems(ztfContainer(packet, changes), schemas)) {
    if ('problem' in item) throw item.problem;
    return { partition: 'archive', offset: 0, place: 'test.avro', ...item };
  }
  throw new Error('the container is empty');
}

const schemas = new SchemaCache();

export function ztfRecord(
  { objectId = OBJECT, candid = CANDID, candidate, history = [], science = Buffer.from('SIMPLE') }: ZtfPacket,
  { types = {} }: SchemaChanges = {},
): Values {
  const names = [...new Set([...Object.keys(TYPES), ...Object.keys(types)])];
  const blank = Object.fromEntries(names.map((name) => [name, null]));
  return {
    ...{ schemavsn: '3.3', objectId, candid },
    candidate: { ...blank, ...CANDIDATE, candid, ...candidate },
    prv_candidates: history?.map((entry) => ({ ...blank, ...entry })) ?? null,
    cutoutScience: { fileName: 'science.fits.gz', stampData: science },
  };
}

/** A small version of ZTF's schema, with its order of union branches. */
export function ztfSchema({ types = {}, without = [] }: SchemaChanges = {}): Schema {
  const part = (name: string, isHistory: boolean): schema.DefinedType => ({
    type: 'record',
    name,
    fields: Object.entries({ ...TYPES, ...types }).flatMap(([field, type]) => {
      if (type === undefined) return [];
      return [{ name: field, type: isHistory && NULLABLE.has(field) ? nullable(type) : type }];
    }),
  });
  const fields: { name: string; type: Schema }[] = [
    { name: 'schemavsn', type: 'string' },
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
    { name: 'candidate', type: part('candidate', false) },
    { name: 'prv_candidates', type: [{ type: 'array', items: part('prv_candidate', true) }, 'null'] },
    { name: 'cutoutScience', type: [CUTOUT, 'null'] },
  ];
  return {
    type: 'record',
    name: 'alert',
    namespace: 'ztf',
    fields: fields.filter(({ name }) => !without.includes(name)),
  };
}

function nullable(type: Schema): Schema {
  return Array.isArray(type) ? type : [type, 'null'];
}

const NULLABLE = new Set(['candid', 'isdiffpos', 'ra', 'dec', 'magpsf', 'sigmapsf']);
const FLOATS = [
  ...['diffmaglim', 'rb', 'drb', 'fwhm', 'elong', 'magdiff', 'ssdistnr'],
  ...['distpsnr1', 'sgscore1', 'distpsnr2', 'sgscore2', 'distpsnr3', 'sgscore3'],
];

const TYPES: Readonly<Record<string, Schema>> = {
  ...{ jd: 'double', fid: 'int', pid: 'long', programid: 'int', candid: 'long', isdiffpos: 'string' },
  ...{ ra: 'double', dec: 'double', magpsf: 'float', sigmapsf: 'float' },
  ...Object.fromEntries(FLOATS.map((name) => [name, ['float', 'null']])),
  ...{ nbad: ['int', 'null'], rcid: ['int', 'null'], ndethist: ['int', 'null'] },
  ...{ jdstarthist: ['double', 'null'], jdendhist: ['double', 'null'] },
  ...{ pdiffimfilename: ['string', 'null'], programpi: ['string', 'null'] },
};

const CUTOUT: schema.DefinedType = {
  type: 'record',
  name: 'cutout',
  fields: [
    { name: 'fileName', type: 'string' },
    { name: 'stampData', type: 'bytes' },
  ],
};
