import { lsstPacket } from '../test/lsst-packet.js';
import { problemOf } from '../test/problem-of.js';
import { ztfSchema } from '../test/ztf-packet.js';
import { parseWriterSchema } from './avro/writer-schema.js';
import { lsst } from './lsst/survey.js';
import { surveyNamed, surveyOf } from './surveys.js';
import { ztf } from './ztf/survey.js';

describe('the survey of a packet', () => {
  it('is ZTF where the schema is that of its alerts', () => {
    expect(surveyOf(parseWriterSchema(JSON.stringify(ztfSchema())))).toBe(ztf);
  });

  it('is LSST where the schema is that of its alerts', () => {
    expect(surveyOf(lsstPacket().schema)).toBe(lsst);
  });

  it.each([
    [
      'a light curve',
      { type: 'record', name: 'lc', namespace: 'snana', fields: [{ name: 'MJD', type: 'double' }] },
      'records of schema "snana.lc" (MJD) are no alerts of a known survey; known: ztf, lsst',
    ],
    ['a number', 'double', 'records of schema ""double"" () are no alerts of a known survey; known: ztf, lsst'],
  ])('is unknown for %s, and the message shows what was found', (_, schema, message) => {
    expect(problemOf(() => surveyOf(parseWriterSchema(JSON.stringify(schema))))).toEqual({ kind: 'schema', message });
  });
});

describe('a survey by name', () => {
  it('is found, and an unknown name is an error with the known ones', () => {
    expect([surveyNamed('ztf'), surveyNamed('lsst')]).toEqual([ztf, lsst]);
    expect(() => surveyNamed('ZTF')).toThrow(new RangeError('survey "ZTF" is not known; known: ztf, lsst'));
    expect(() => surveyNamed('constructor')).toThrow(RangeError);
  });
});
