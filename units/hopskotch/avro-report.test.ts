import { readAvroBlob } from '../../test/receivers/read-avro-blob.js';
import { avroReport } from './avro-report.js';
import type { TransientReport } from './transient-report.js';

const REPORT: TransientReport = {
  object: {
    ...{ id: '9223372036854775807', external_id: 'ZTF21é', source: 'LSST' },
    ...{ ra: 149.7, ra_err: null, dec: -1.46, dec_err: 0.25, ra_dec_cov: null },
  },
  photometry: [{ time: 2_461_189.5, flux: -6000.5, fluxerr: 400.25, band: 'lssti', zp: 31.4, zpsys: 'ab' }],
  features: [{ name: 'T2BazinFit', features: { chi2: 1.25 } }],
};

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([2 * Buffer.byteLength(value)]), Buffer.from(value)]);
}

/** By the Avro specification: branches of unions and counts of arrays are zigzag numbers, an array ends with a 0. */
const BY_HAND = Buffer.concat([
  Buffer.from('feffffffffffffffff01', 'hex'), // 2^63 - 1
  ...[Buffer.from([2]), text('ZTF21é')],
  ...[double(149.7), Buffer.from([0]), double(-1.46), Buffer.from([2]), double(0.25), Buffer.from([0]), text('LSST')],
  ...[Buffer.from([2]), double(2_461_189.5), double(-6000.5), double(400.25), text('lssti'), double(31.4), text('ab')],
  Buffer.from([0]),
  ...[Buffer.from([2]), text('T2BazinFit'), Buffer.from([2]), text('chi2'), double(1.25), Buffer.from([0, 0])],
]);

describe('a report in Avro', () => {
  it('is a container of one record that brings its schema along', async () => {
    const bytes = await avroReport(REPORT);
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from('Obj\x01'));
    expect(await readAvroBlob(bytes)).toEqual([REPORT]);
    expect(bytes.toString('latin1')).toContain('{"name":"id","type":"long"');
  });

  it('has the bytes that the specification asks for', async () => {
    const bytes = await avroReport(REPORT);
    const at = bytes.indexOf(BY_HAND);
    expect(at).toBeGreaterThan(0);
    // After the record only the marker of the block's end, which stood before the block.
    const marker = bytes.subarray(-16);
    expect(bytes).toHaveLength(at + BY_HAND.length + 16);
    const length = Buffer.from([2, ((2 * BY_HAND.length) & 0x7f) | 0x80, (2 * BY_HAND.length) >> 7]);
    expect(bytes.subarray(at - 3 - 16, at)).toEqual(Buffer.concat([marker, length]));
  });

  it('is not written where an id is no 64-bit integer', async () => {
    const object = { ...REPORT.object, id: '9223372036854775808' };
    await expect(avroReport({ ...REPORT, object })).rejects.toThrow('out of range');
  });
});
