import { lsstPacket } from '../test/lsst-packet.js';
import { problemOf } from '../test/problem-of.js';
import { packetOf } from '../test/ztf-packet.js';
import { parseWriterSchema } from './avro/writer-schema.js';
import { lsst } from './lsst/survey.js';
import { ztf } from './ztf/survey.js';

/** What the packets of the tests have in place of a stamp. */
const STAMP = Buffer.from('SIMPLE');

describe('image stamps of an alert', () => {
  it('are those that the packet has', () => {
    expect(ztf.readCutouts(packetOf({}))).toEqual({ science: STAMP });
    expect(lsst.readCutouts(lsstPacket())).toEqual({ difference: STAMP });
  });

  it('are none where its schema knows none', () => {
    expect(ztf.readCutouts(packetOf({}, { without: ['cutoutScience'] }))).toEqual({});
  });

  it('are none where they are null or empty', () => {
    const schema = parseWriterSchema(
      JSON.stringify({
        ...{ type: 'record', name: 'alert' },
        fields: ['cutoutScience', 'cutoutTemplate'].map((name) => ({ name, type: ['null', 'bytes'] })),
      }),
    );
    // The second branch, with no bytes; then the first.
    expect(lsst.readCutouts({ schema, record: Buffer.from([2, 0, 0]) })).toEqual({});
  });

  it('are not text', () => {
    const json = { type: 'record', name: 'alert', fields: [{ name: 'cutoutScience', type: 'string' }] };
    const packet = { schema: parseWriterSchema(JSON.stringify(json)), record: Buffer.from('\x06abc') };
    const place = { partition: 'archive', offset: 0, place: 'test.avro' };
    expect(problemOf(() => lsst.readCutouts(packet)).message).toBe('cutoutScience is "abc", expected bytes');
    expect(problemOf(() => ztf.readCutouts({ ...place, ...packet })).message).toBe('the packet has no cutoutScience');
  });
});
