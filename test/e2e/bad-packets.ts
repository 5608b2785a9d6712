import type { UnreadableKind } from '../../streams/avro/unreadable.js';
import { blockOf, containerHeader, containerOf, encode } from '../avro-container.js';
import {
  CANDIDATE,
  EARLIER,
  ztfContainer,
  ztfRecord,
  ztfSchema,
  type SchemaChanges,
  type Values,
} from '../ztf-packet.js';

/** A file that should be an alert and is none. */
export interface BadFile {
  readonly what: string;
  readonly bytes: Buffer;
  readonly kind: UnreadableKind;
  /** Part of what the dead letter says. */
  readonly says: string;
  /** What the dead letter keeps: the file, or of a whole container the record. */
  readonly kept: Buffer;
}

const OBJECT = 'ZTF18zzzzzzz';

/** A container that cannot be read as one. */
function file(what: string, bytes: Buffer, kind: UnreadableKind, says: string): BadFile {
  return { what, bytes, kind, says, kept: bytes };
}

/** A whole container of one alert that is none. */
function alert(
  what: string,
  { objectId = OBJECT, history = [], ...candidate }: Values & { history?: Values[]; objectId?: string },
  kind: UnreadableKind,
  says: string,
  changes: SchemaChanges = {},
): BadFile {
  const packet = { objectId, candid: '13', candidate, history };
  const kept = encode(ztfSchema(changes), ztfRecord(packet, changes));
  return { what, bytes: ztfContainer(packet, changes), kind, says, kept };
}

const whole = ztfContainer({ objectId: OBJECT, candid: '13' });
const record = encode(ztfSchema(), ztfRecord({ objectId: OBJECT, candid: '13' }));

/** A container whose one block holds these bytes as its record. */
function recordFile(what: string, kept: Buffer, kind: UnreadableKind, says: string): BadFile {
  const bytes = Buffer.concat([containerHeader(JSON.stringify(ztfSchema())), blockOf(1, kept)]);
  return { what, bytes, kind, says, kept };
}

const schema = { type: 'record' as const, name: 'weather', fields: [{ name: 'seeing', type: 'double' as const }] };

export const BAD_FILES: readonly BadFile[] = [
  file('empty', Buffer.alloc(0), 'truncated', 'the file has no bytes'),
  file('cut-in-header', whole.subarray(0, 100), 'truncated', 'ends inside the header'),
  file('cut-in-record', whole.subarray(0, -100), 'truncated', 'ends inside a block'),
  file('html', Buffer.from('<html>503 Service Unavailable</html>'), 'not-avro', 'not an Avro container'),
  file('other-bytes', Buffer.concat([whole.subarray(0, -16), Buffer.alloc(16)]), 'corrupt', 'sync marker'),
  file('no-alerts', containerOf(ztfSchema(), []), 'empty', 'the container holds no alerts'),
  {
    ...{ what: 'weather', bytes: containerOf(schema, [{ seeing: 1.5 }]), kept: encode(schema, { seeing: 1.5 }) },
    ...{ kind: 'schema', says: 'records of schema "weather" (seeing) are no alerts' },
  },
  recordFile('too-long', Buffer.concat([record, Buffer.from('more')]), 'trailing-bytes', '4 bytes follow the record'),
  recordFile('too-short', record.subarray(0, -2), 'truncated', 'the record ends too early'),
  alert('no-name', {}, 'missing-field', 'objectId is missing', { without: ['objectId'] }),
  alert('no-time', {}, 'missing-field', 'jd is missing', { types: { jd: undefined } }),
  alert('no-place', {}, 'missing-field', 'ra is missing', { types: { ra: undefined } }),
  alert('nan-jd', { jd: NaN }, 'absurd-field', 'jd is NaN'),
  alert('negative-jd', { jd: -2458426.75 }, 'absurd-field', 'jd is -2458426.75'),
  alert('mjd', { jd: Number(CANDIDATE['jd']) - 2400000.5 }, 'absurd-field', 'jd is 58426.25'),
  alert('nan-ra', { ra: NaN }, 'absurd-field', 'ra is NaN'),
  alert('negative-ra', { ra: -1 }, 'absurd-field', 'ra is -1'),
  alert('beyond-pole', { dec: 90.5 }, 'absurd-field', 'dec is 90.5'),
  alert('no-ztf-name', { objectId: 'SN2018cow' }, 'absurd-field', '"SN2018cow" is not a ZTF name'),
  alert('absurd-past', { history: [{ ...EARLIER, jd: 0 }] }, 'absurd-field', 'prv_candidates[0]: jd is 0'),
];
