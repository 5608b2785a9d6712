import type { schema } from 'avsc';

type Schema = schema.DefinedType;

interface FieldSchema {
  name: string;
  type: schema.AvroSchema;
}

/** Version that the packets claim: the last one before forced photometry came into them. */
export const SCHEMA_VERSION = '3.3';

/**
 * Fields as `name type`, in runs that are filled together. `?` stands for the union with null, which ZTF always writes
 * second: the order is the wire format.
 */
type Groups = Readonly<Record<string, string>>;

const IMAGE =
  'jd double, fid int, pid long, diffmaglim float?, pdiffimfilename string?, programpi string?, programid int';
const SHAPE = `chipsf float?, magap float?, sigmagap float?, distnr float?, magnr float?, sigmagnr float?, chinr float?,
  sharpnr float?, sky float?, magdiff float?, fwhm float?, classtar float?, mindtoedge float?, magfromlim float?,
  seeratio float?, aimage float?, bimage float?, aimagerat float?, bimagerat float?, elong float?, nneg int?, nbad int?,
  rb float?`;

/** What `candidate` and an entry of `prv_candidates` begin with; fields that a limit lacks can be null in the latter. */
function measured(nullable: '' | '?'): Groups {
  return {
    image: IMAGE,
    detection: `candid long${nullable}, isdiffpos string${nullable}, tblid long?`,
    quadrant: 'nid int?, rcid int?, field int?',
    position: `xpos float?, ypos float?, ra double${nullable}, dec double${nullable}`,
    brightness: `magpsf float${nullable}, sigmapsf float${nullable}`,
    shape: SHAPE,
    solarSystem: 'ssdistnr float?, ssmagnr float?, ssnamenr string?',
    aperture: 'sumrat float?, magapbig float?, sigmagapbig float?',
    nearest: `ranr double${nullable}, decnr double${nullable}`,
  };
}

const ZERO_POINT = 'magzpsci float?, magzpsciunc float?, magzpscirms float?';

const PRV_CANDIDATE: Groups = {
  ...measured('?'),
  significance: 'scorr double?',
  calibration: `${ZERO_POINT}, clrcoeff float?, clrcounc float?, rbversion string`,
};

const CANDIDATE: Groups = {
  ...measured(''),
  neighbour1: neighbour(1),
  archive: 'ndethist int, ncovhist int, jdstarthist double?, jdendhist double?',
  significance: 'scorr double?',
  catalogue: 'tooflag int?, objectidps1 long?, objectidps2 long?',
  neighbour2: neighbour(2),
  catalogue3: 'objectidps3 long?',
  neighbour3: neighbour(3),
  reference: 'nmtchps int, rfid long, jdstartref double, jdendref double, nframesref int, rbversion string',
  noise: 'dsnrms float?, ssnrms float?, dsdiff float?',
  calibration: `${ZERO_POINT}, nmatches int, clrcoeff float?, clrcounc float?, zpclrcov float?, zpmed float?,
    clrmed float?, clrrms float?`,
  gaia: 'neargaia float?, neargaiabright float?, maggaia float?, maggaiabright float?, exptime float?',
  score: 'drb float?, drbversion string',
};

const HEAD = 'schemavsn string, publisher string, objectId string, candid long';

const CUTOUTS: FieldSchema[] = [
  { name: 'cutoutScience', type: [record('cutout', parseFields('fileName string, stampData bytes')), 'null'] },
  { name: 'cutoutTemplate', type: ['ztf.alert.cutout', 'null'] },
  { name: 'cutoutDifference', type: ['ztf.alert.cutout', 'null'] },
];

/** A source of the PanSTARRS catalogue near the candidate. */
function neighbour(rank: number): string {
  const bands = ['g', 'r', 'i', 'z'].map((band) => `s${band}mag${rank} float?`);
  return [...bands, `sgscore${rank} float?`, `distpsnr${rank} float?`].join(', ');
}

/** Schema of a ZTF alert packet 3.3, without the official one's defaults: Avro forbids null where it is not the first branch. */
export function packetSchema(): Schema {
  const flat = (name: string, groups: Groups): schema.RecordType =>
    record(name, Object.values(groups).flatMap(parseFields));
  const history = { type: 'array', items: flat('prv_candidate', PRV_CANDIDATE) } as const;
  const fields: FieldSchema[] = [
    ...parseFields(HEAD),
    { name: 'candidate', type: flat('candidate', CANDIDATE) },
    { name: 'prv_candidates', type: [history, 'null'] },
    ...CUTOUTS,
  ];
  return { type: 'record', namespace: 'ztf', name: 'alert', fields };
}

/**
 * The same packet in parts that are encoded one after the other, and with groups of fields as records of their own: the
 * same bytes, as Avro puts nothing around a record, from objects that the packets of a quadrant or a source can share.
 */
export const PACKET_PARTS = {
  head: record('head', [
    ...parseFields(HEAD),
    { name: 'candidate', type: record('candidate', groupFields('candidate', CANDIDATE)) },
  ]),
  historyEntry: record('prv_candidate', groupFields('prv_candidate', PRV_CANDIDATE)),
  cutouts: record('cutouts', CUTOUTS),
} as const;

function record(name: string, fields: FieldSchema[]): schema.RecordType {
  return { type: 'record', namespace: 'ztf.alert', name, fields };
}

function groupFields(name: string, groups: Groups): FieldSchema[] {
  return Object.entries(groups).map(([group, table]) => {
    return { name: group, type: record(`${name}_${group}`, parseFields(table)) };
  });
}

function parseFields(table: string): FieldSchema[] {
  return table.split(',').map((entry) => {
    const [name = '', type = ''] = entry.trim().split(' ');
    return { name, type: type.endsWith('?') ? [type.slice(0, -1), 'null'] : type };
  });
}
