import { problemOf } from '../../test/problem-of.js';
import type { Notice } from '../../model/notice.js';
import { readNotice, type ReadNotice } from './read-notice.js';

const SCHEMAS = 'https://gcn.nasa.gov/schema/main/gcn/notices/';
const TRIGGER = {
  $schema: `${SCHEMAS}fermi/gbm/trigger.schema.json`,
  alert_datetime: '2024-08-24T02:14:54',
  alert_type: 'initial',
  id: ['745121685'],
  trigger_time: '2024-08-24T02:14:40.43',
  ra: 29.24,
  dec: -63.62,
  ra_dec_error: 1,
};
function read(message: unknown): ReadNotice {
  return readNotice(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));
}

function noticeOf(message: unknown): Notice {
  return read(message).notice;
}

function refusal(message: unknown): { readonly kind: string; readonly message: string } {
  return problemOf(() => read(message));
}

describe('a unified notice', () => {
  it('is read by the path of its schema, whatever release it names', () => {
    for (const release of ['main', 'v4.1.0', 'v99.0.0']) {
      expect(noticeOf({ ...TRIGGER, $schema: TRIGGER.$schema.replace('main', release) }).eventId).toBe(
        'Fermi:745121685',
      );
    }
  });

  it('has the same id with other white space, another order of keys, another release', () => {
    const { $schema, ...rest } = TRIGGER;
    const id = noticeOf(TRIGGER).noticeId;
    expect(noticeOf({ ...rest, $schema: $schema.replace('main', 'v7.0.0') }).noticeId).toBe(id);
    expect(noticeOf(JSON.stringify(TRIGGER, undefined, 4)).noticeId).toBe(id);
    expect(noticeOf({ ...TRIGGER, ra: 29.25 }).noticeId).not.toBe(id);
    expect(id).toMatch(/^Fermi:745121685\/initial\/2024-08-24T02:14:54Z\/[0-9a-f]{12}$/);
  });

  it('of a newer release is not lost over a field that is new', () => {
    const message = { ...TRIGGER, $schema: TRIGGER.$schema.replace('main', 'v99.0.0'), polarisation: 0.3 };
    expect(noticeOf(message).warnings).toEqual([
      expect.stringMatching(
        /^the message is .*, expected no field "polarisation" \(gcn\/notices\/fermi\/gbm\/trigger v[\d.]+\)$/,
      ),
    ]);
    expect(refusal({ ...TRIGGER, polarisation: 0.3 })).toMatchObject({
      kind: 'schema',
      message: expect.stringMatching(
        /expected no field "polarisation" \(gcn\/notices\/fermi\/gbm\/trigger\)$/,
      ) as string,
    });
  });

  it('of a signal that was injected is a mock, of a planned one a prediction', () => {
    const role = (alert_tense: string): string => noticeOf({ ...TRIGGER, alert_tense }).role;
    expect(['current', 'archival', 'injection', 'planned', 'commanded', 'test'].map(role)).toEqual([
      'observation',
      'observation',
      'mock',
      'prediction',
      'utility',
      'test',
    ]);
  });

  it('has right ascension 360 as 0, and no position from half a pair of coordinates', () => {
    expect(noticeOf({ ...TRIGGER, ra: 360 }).position?.ra).toBe(0);
    const half = Object.fromEntries(Object.entries(TRIGGER).filter(([name]) => name !== 'dec'));
    expect(noticeOf(half).position).toBeUndefined();
  });

  it('gives a sky map of zipped FITS beside it, with the address it also names', () => {
    const map = Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(100)]);
    const healpix_url = 'https://example.org/map.fits.gz';
    const { notice, skyMap } = read({ ...TRIGGER, healpix_file: map.toString('base64'), healpix_url });
    expect(skyMap?.bytes).toEqual(map);
    expect(notice.skyMap).toMatchObject({
      url: healpix_url,
      embedded: { sizeBytes: 102, mediaType: 'application/gzip' },
    });
    expect(notice.facts).not.toHaveProperty('healpix_file');
  });

  it('gives a sky map of 16,000,000 bytes, which fits into a document of the data base, and none of one byte more', () => {
    const map = Buffer.alloc(16_000_001, 'SIMPLE  = ');
    const { skyMap } = read({ ...TRIGGER, healpix_file: map.subarray(0, 16_000_000).toString('base64') });
    expect(skyMap?.bytes).toHaveLength(16_000_000);
    const { notice, skyMap: larger } = read({ ...TRIGGER, healpix_file: map.toString('base64') });
    expect([larger, notice.skyMap]).toEqual([undefined, undefined]);
    expect(notice.warnings).toEqual([expect.stringContaining('expected a map of at most 16000000 bytes')]);
  });

  it.each([
    ['SGVsbG8gd29ybGQh', 'expected base64 of a FITS file'],
    ['%%%', 'expected base64'],
    ['A'.repeat(24_000_000), 'expected a map of at most 16000000 bytes'],
  ])('keeps all but the map where that is none', (healpix_file, expected) => {
    const { notice, skyMap } = read({ ...TRIGGER, healpix_file });
    expect([skyMap, notice.skyMap]).toEqual([undefined, undefined]);
    expect(notice.warnings).toEqual([expect.stringContaining(expected)]);
    expect(JSON.stringify(notice).length).toBeLessThan(2000);
  });
});

describe('a JSON message without a schema', () => {
  const trigger = Object.fromEntries(Object.entries(TRIGGER).filter(([name]) => name !== '$schema'));

  it('is read where exactly one schema of its mission fits', () => {
    const notice = noticeOf({
      ...trigger,
      mission: 'fermi',
      subtype: 'GROUND_POSITION',
      localization_algorithm: '41731',
    });
    expect([notice.eventId, notice.kind]).toEqual(['Fermi:745121685', 'ground position']);
    expect(notice.warnings).toEqual(['the JSON names no $schema; gcn/notices/fermi/gbm/trigger fits']);
  });

  it.each([
    [
      { ...trigger, mission: 'MAXI' },
      'schema',
      'the JSON names no $schema, and 2 schemas (gcn/notices/maxi/gsc.known, gcn/notices/maxi/gsc.unknown) of mission "MAXI" fit, expected exactly one',
    ],
    [
      { ...trigger, mission: 'Hubble' },
      'schema',
      'the JSON names no $schema, and no schema of mission "Hubble" fit, expected exactly one',
    ],
    [
      trigger,
      'not-a-notice',
      'the JSON is an object with "alert_datetime, alert_type, id, trigger_time, ra, dec"; it names no $schema and no mission, and is no igwn.gwalert',
    ],
    [
      { circularId: 33603, subject: 'GRB 230410A', body: 'text' },
      'not-a-notice',
      'the message is circular 33603 "GRB 230410A": a text for people, not a notice',
    ],
    [[], 'not-a-notice', 'the JSON is a list, expected an object'],
  ])('is refused else: %j', (message, kind, text) => {
    expect(refusal(message)).toEqual({ kind, message: text });
  });
});

describe('a hostile JSON message', () => {
  it.each<[string, object, string]>([
    ['text for a number', { ra: 'east' }, 'ra is "east", expected type number'],
    ['a number for text', { trigger_time: 5 }, 'trigger_time is 5, expected type string'],
    ['neither of two types', { ra_dec_error: 'big' }, 'ra_dec_error is "big", expected type number or type array'],
    [
      'too few numbers',
      { localization_energy_range: [1] },
      'localization_energy_range is [1], expected NOT have fewer than 2 items',
    ],
    [
      'a value of its own',
      { alert_type: 'guess' },
      'alert_type is "guess", expected one of ["initial","subsequent","update","retraction"]',
    ],
    [
      'a wrong item of a list',
      { detectors_status: Array(14).fill('broken') },
      'detectors_status/0 is "broken", expected one of ["on","off","triggered"]',
    ],
  ])('that breaks its schema by %s is refused with path, value and expectation', (_, changes, message) => {
    expect(refusal({ ...TRIGGER, ...changes })).toEqual({
      kind: 'schema',
      message: `${message} (gcn/notices/fermi/gbm/trigger)`,
    });
  });

  it.each<[object, string, string]>([
    [{ ra: 400 }, 'absurd-field', 'ra is 400, expected 0 to 360'],
    [{ dec: -90.5 }, 'absurd-field', 'dec is -90.5, expected -90 to 90'],
    [{ ra_dec_error: -1 }, 'absurd-field', 'ra_dec_error is -1, expected 0 to 180'],
    [{ containment_probability: 90 }, 'absurd-field', 'containment_probability is 90, expected 0 to 1'],
    [{ p_astro: 1.2 }, 'absurd-field', 'p_astro is 1.2, expected 0 to 1'],
    [{ far: -1e-9 }, 'absurd-field', 'far is -1e-9, expected 0 to 1000000000'],
    [{ classification: { GRB: 7 } }, 'absurd-field', 'classification/GRB is 7, expected 0 to 1'],
    [
      { trigger_time: '60546.09' },
      'absurd-field',
      'trigger_time is "60546.09", expected a UTC time like 2018-11-01T22:22:46.65Z from 1960 to 2100',
    ],
    [
      { trigger_time: '', alert_datetime: '' },
      'missing-field',
      'the notice has no time: neither alert_datetime nor trigger_time nor observation_start',
    ],
    [{ id: [], trigger_time: '' }, 'missing-field', 'the notice names no event: no id, no event_name, no time of it'],
    [
      { $schema: 'https://evil.example/x.schema.json' },
      'schema',
      '$schema is "https://evil.example/x.schema.json", expected https://gcn.nasa.gov/schema/<release>/gcn/….schema.json',
    ],
    [
      { $schema: `${SCHEMAS}../../../../etc/passwd.schema.json` },
      'schema',
      expect.stringMatching(/^schema gcn\/notices\/\.\..* is none of the \d+ of release v/) as string,
    ],
    [
      { $schema: `${SCHEMAS}constructor.schema.json` },
      'schema',
      expect.stringMatching(/^schema gcn\/notices\/constructor is none/) as string,
    ],
    [
      { $schema: `${SCHEMAS}neutrino/Alert.schema.json` },
      'not-a-notice',
      'schema gcn/notices/neutrino/Alert describes a part of notices, not a notice',
    ],
  ])('with %j is refused', (changes, kind, message) => {
    expect(refusal({ ...TRIGGER, ...changes })).toEqual({ kind, message });
  });

  it('that is nested deeply is refused, at a thousand levels as at millions', () => {
    for (const depth of [1000, 3_000_000]) {
      expect(refusal(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toMatchObject({ kind: 'forbidden' });
    }
    expect(refusal('{"a":'.repeat(100) + '1' + '}'.repeat(100)).message).toBe(
      'the JSON is nested deeper than 32 levels at character 160',
    );
  });

  it('with a key twice is refused, also in disguise and inside', () => {
    const text = JSON.stringify(TRIGGER);
    const twice = 'comes twice in one object, expected every key once';
    expect(refusal(text.replace('"dec"', '"ra":1,"dec"'))).toEqual({ kind: 'forbidden', message: `"ra" ${twice}` });
    expect(refusal(text.replace('"dec"', String.raw`"r\u0061":1,"dec"`)).message).toBe(`"ra" ${twice}`);
    expect(refusal(text.replace('"dec"', '"properties":{"a":1,"b":[{"c":"\\\\"}],"a":2},"dec"')).message).toBe(
      `"properties/a" ${twice}`,
    );
    expect(noticeOf({ ...TRIGGER, additional_info: '"ra":1,"ra":2}{[\\' }).kind).toBe('initial');
  });

  it('with a number beyond a double is refused with its place', () => {
    expect(refusal(JSON.stringify(TRIGGER).replace('29.24', '1e999'))).toEqual({
      kind: 'absurd-field',
      message: 'ra is beyond ±1.8e308, expected a number that a double can hold',
    });
  });

  it.each([
    ['', 'empty', 'the message is empty (0 bytes)'],
    [' \n', 'empty', 'the message is empty (2 bytes)'],
    ['hello', 'not-a-notice', 'the message begins with "hello", expected XML or JSON'],
    ['{"a":', 'corrupt', expect.stringMatching(/^no JSON: /) as string],
    ['Obj\x01', 'not-a-notice', 'the message is an Avro container'],
    ['SIMPLE  =                    T', 'not-a-notice', 'the message is a FITS file'],
  ])('%j is none', (message, kind, text) => {
    expect(refusal(message)).toEqual({ kind, message: text });
  });

  it('of 50 MB is refused before it is parsed', () => {
    expect(problemOf(() => readNotice(Buffer.alloc(50_331_649, 0x20))).kind).toBe('too-large');
  });

  it('with more parameters than a workflow’s message can carry is refused', () => {
    expect(refusal({ ...TRIGGER, additional_info: 'x'.repeat(300_000) })).toEqual({
      kind: 'too-large',
      message: 'the parameters up to additional_info have more than 262144 characters',
    });
  });
});
