import { CANDID, EARLIER, LIMIT, OBJECT, packetOf, STOCK } from '../../test/ztf-packet.js';
import { problemOf } from '../../test/problem-of.js';
import { ztf } from './survey.js';
import type { SchemaChanges, ZtfPacket } from '../../test/ztf-packet.js';

const read = (packet: ZtfPacket, changes?: SchemaChanges): ReturnType<typeof ztf.readAlert> =>
  ztf.readAlert(packetOf(packet, changes));

describe('an alert of ZTF', () => {
  it('has the identity, time and place of its candidate', () => {
    expect(read({})).toMatchObject({
      survey: 'ztf',
      alertId: CANDID,
      objectId: OBJECT,
      stock: STOCK,
      jd: 2458426.75,
      position: { ra: 180, dec: 60 },
    });
  });

  it('keeps its candidate as this packet gives it, with the id', () => {
    const { candidate } = read({});
    expect(candidate).toMatchObject({ jd: 2458426.75, rb: 0.75, candid: CANDID, pid: 673285273115, isdiffpos: 't' });
  });

  it('has the candidate first and the history in the order of the packet, nothing sorted, nothing removed', () => {
    const { datapoints } = read({ history: [LIMIT, EARLIER, EARLIER, { ...LIMIT, jd: 2458410.75 }] });
    expect(datapoints.map(({ kind, jd, band }) => [kind, jd, band])).toEqual([
      ['detection', 2458426.75, 'r'],
      ['upperLimit', 2458420.75, 'g'],
      ['detection', 2458423.75, 'r'],
      ['detection', 2458423.75, 'r'],
      ['upperLimit', 2458410.75, 'g'],
    ]);
  });

  it('stores a detection as AMPEL does: without candid and programme leader, the file without its folder', () => {
    const [detection] = read({}).datapoints;
    expect(detection?.id).toBe(CANDID);
    expect(detection?.tags).toEqual(['ZTF', 'ZTF_PUB', 'ZTF_R']);
    expect(detection?.body).not.toHaveProperty('candid');
    expect(detection?.body).not.toHaveProperty('programpi');
    expect(detection?.body).toMatchObject({
      magpsf: 18.5,
      pdiffimfilename: 'ztf_20181104250000_000651_zr_c13_o_q3_scimrefdiffimg.fits',
    });
  });

  it('stores an upper limit as AMPEL does: time, limit, quadrant, filter and programme', () => {
    const [, limit] = read({ history: [LIMIT] }).datapoints;
    expect(limit).toEqual({
      id: '-6662500003120500',
      kind: 'upperLimit',
      jd: 2458420.75,
      band: 'g',
      tags: ['ZTF', 'ZTF_PUB', 'ZTF_G'],
      body: { jd: 2458420.75, diffmaglim: 20.5, rcid: 31, fid: 1, programid: 1 },
    });
  });

  it.each([-999, null, NaN])('has no upper limit where the limiting magnitude is %p', (diffmaglim) => {
    expect(read({ history: [{ ...LIMIT, diffmaglim }, EARLIER] }).datapoints).toHaveLength(2);
  });

  it.each([[], null])('may have no history (%p)', (history) => {
    expect(read({ history }).datapoints).toHaveLength(1);
  });

  it('of the commissioning time may have its id in the packet only', () => {
    const { alertId, datapoints } = read({}, { types: { candid: undefined } });
    expect([alertId, datapoints[0]?.id]).toEqual([CANDID, CANDID]);
  });
});

describe('an alert that was written anew with other types', () => {
  const text = 'string';

  it('has numbers where ZTF has numbers', () => {
    const types = { fid: 'string', programid: 'string', ndethist: ['string', 'null'], diffmaglim: ['string', 'null'] };
    const drifted = { fid: '2', programid: '2', ndethist: '4', diffmaglim: '20.5' };
    const history = [{ ...LIMIT, fid: '1', programid: '1', diffmaglim: '20.5' }];
    const { candidate, datapoints } = read({ candidate: drifted, history }, { types: types });
    expect(candidate).toMatchObject({ fid: 2, programid: 2, ndethist: 4, diffmaglim: 20.5 });
    expect(datapoints.map(({ id, tags }) => [id, tags])).toEqual([
      [CANDID, ['ZTF', 'ZTF_PRIV', 'ZTF_R']],
      ['-6662500003120500', ['ZTF', 'ZTF_PUB', 'ZTF_G']],
    ]);
  });

  it('may have its ids as text', () => {
    const candidate = { candid: CANDID };
    expect(read({ candidate }, { types: { candid: text } }).datapoints[0]?.id).toBe(CANDID);
  });
});

describe('an alert that cannot be', () => {
  it.each([
    ['an MJD for a JD', { jd: 58426.25 }, 'jd is 58426.25, expected 2447892 to 2488434'],
    ['a time that is no number', { jd: NaN }, 'jd is NaN, expected 2447892 to 2488434'],
    ['a right ascension beyond the circle', { ra: 400 }, 'ra is 400, expected 0 to 360'],
    ['a right ascension that is no number', { ra: NaN }, 'ra is NaN, expected 0 to 360'],
    ['a declination beyond the pole', { dec: -91 }, 'dec is -91, expected -90 to 90'],
    ['a declination without end', { dec: Infinity }, 'dec is Infinity, expected -90 to 90'],
    ['a filter that ZTF does not have', { fid: 7 }, 'fid is 7, expected 1 to 3'],
  ])('has %s, and says so', (_, candidate, message) => {
    expect(problemOf(() => read({ candidate }))).toEqual({ kind: 'absurd-field', message });
  });

  it.each([
    ['another survey', 'AT2018cow'],
    ['a year before ZTF', 'ZTF16abxhyqv'],
    ['a year after ZTF', 'ZTF33abxhyqv'],
    ['another spelling', 'ztf18abxhyqv'],
  ])('has an object name of %s, and says so', (_, objectId) => {
    expect(problemOf(() => read({ objectId }))).toEqual({
      kind: 'absurd-field',
      message: `objectId "${objectId}" is not a ZTF name (expected e.g. ZTF18abxhyqv, years 2017 to 2032)`,
    });
  });

  it('has no object name, and says so', () => {
    expect(problemOf(() => read({}, { without: ['objectId'] }))).toEqual({
      kind: 'missing-field',
      message: 'objectId is missing',
    });
    expect(problemOf(() => read({ objectId: '' })).message).toBe('objectId is missing');
  });

  it('lacks a part of the packet, and says which', () => {
    expect(problemOf(() => read({}, { without: ['candidate'] }))).toEqual({
      kind: 'missing-field',
      message: 'the packet has no candidate',
    });
    expect(read({}, { without: ['prv_candidates'] }).datapoints).toHaveLength(1);
  });

  it.each([
    ['ra', 'missing-field', 'ra is missing'],
    ['jd', 'missing-field', 'jd is missing'],
    ['fid', 'missing-field', 'fid is missing'],
  ])('lacks the field %s, and says so', (field, kind, message) => {
    expect(problemOf(() => read({}, { types: { [field]: undefined } }))).toEqual({ kind, message });
  });

  it.each([
    ['a wrong number', { jd: 58420.25 }, 'jd is 58420.25, expected 2447892 to 2488434'],
    ['a filter that is none', { fid: 0 }, 'fid is 0, expected 1 to 3'],
    ['a limit too faint for its id', { diffmaglim: 120 }, 'diffmaglim is 120, expected 0 to 99'],
    ['a limit without end', { diffmaglim: Infinity }, 'diffmaglim is Infinity, expected 0 to 99'],
  ])('has %s in its history, and says in which entry', (_, wrong, message) => {
    expect(problemOf(() => read({ history: [EARLIER, { ...LIMIT, ...wrong }] }))).toEqual({
      kind: 'absurd-field',
      message: `prv_candidates[1]: ${message}`,
    });
  });

  it.each(['673285273115015035.0', '0673', '9223372036854775808', 'ZTF'])(
    'has the id %p, which is no 64-bit integer, and says so',
    (candid) => {
      expect(problemOf(() => read({ candidate: { candid } }, { types: { candid: 'string' } }))).toEqual({
        kind: 'absurd-field',
        message: `candid is "${candid}", expected a 64-bit integer`,
      });
    },
  );

  it('has text that is no number where ZTF has a number, and says so', () => {
    expect(problemOf(() => read({ candidate: { rb: 'good' } }, { types: { rb: 'string' } }))).toEqual({
      kind: 'absurd-field',
      message: 'rb is "good", expected a number',
    });
  });

  it('has a filter between two filters, and says so', () => {
    expect(problemOf(() => read({ candidate: { fid: 1.5 } }, { types: { fid: 'double' } })).message).toBe(
      'fid is 1.5, expected 1, 2 or 3',
    );
  });

  it('has a text that would fill a document, and says how long it is', () => {
    expect(problemOf(() => read({ candidate: { isdiffpos: 'x'.repeat(2e6) } }))).toEqual({
      kind: 'absurd-field',
      message: 'isdiffpos has 2000000 letters, expected at most 500',
    });
  });

  it('holds more than its record, or less, and says how much', () => {
    const packet = packetOf({});
    const longer = { ...packet, record: Buffer.concat([packet.record, Buffer.from('xyz')]) };
    expect(problemOf(() => ztf.readAlert(longer))).toEqual({
      kind: 'trailing-bytes',
      message: `3 bytes follow the record's ${packet.record.length}`,
    });
    expect(problemOf(() => ztf.readAlert({ ...packet, record: packet.record.subarray(0, 100) }))).toEqual({
      kind: 'truncated',
      message: 'the record ends too early (100 bytes)',
    });
  });
});
