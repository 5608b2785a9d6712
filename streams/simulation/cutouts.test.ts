import { gunzipSync } from 'node:zlib';
import avsc from 'avsc';
import { simulateSurvey } from './survey.js';

interface Stamp {
  readonly fileName: string;
  readonly stampData: Buffer;
}

/** Cutouts of a packet, which are its end: three records after the history. */
function stampsOf(container: Buffer): Stamp[] {
  const packets: Record<string, Stamp>[] = [];
  const long = avsc.types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer: () => Buffer.alloc(8),
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (one: bigint, other: bigint) => Number(one - other),
  });
  const header = container.indexOf(container.subarray(-16)) + 16;
  const schemaAt = container.indexOf('{"type":"record"');
  const schema: unknown = JSON.parse(container.toString('utf8', schemaAt, container.indexOf('\x14avro.codec')));
  const type = avsc.Type.forSchema(schema as avsc.Schema, { registry: { long } });
  const block = avsc.Type.forSchema('bytes').decode(container, header + 1) as { value: Buffer };
  packets.push(type.fromBuffer(block.value) as Record<string, Stamp>);
  return packets.flatMap((packet) => {
    const { cutoutScience, cutoutTemplate, cutoutDifference } = packet;
    return [cutoutScience, cutoutTemplate, cutoutDifference].filter((stamp) => stamp !== undefined);
  });
}

describe('cutouts', () => {
  const night = [
    ...simulateSurvey({ seed: 4, nights: 1, alertsPerNight: 30, fields: 3, cutouts: true, weather: false }),
  ][0];
  const alert = [...(night?.alerts ?? [])][0];

  it('are three gzipped FITS images of 63 × 63 floats, the science image the sum of the others', () => {
    const stamps = stampsOf(alert?.packet ?? Buffer.alloc(0));
    expect(stamps).toHaveLength(3);
    const images = stamps.map(({ stampData }) => gunzipSync(stampData));
    for (const image of images) {
      expect(image.length % 2880).toBe(0);
      const header = image.toString('latin1', 0, 2880);
      expect(header.slice(0, 30)).toBe('SIMPLE  =                    T');
      expect(header).toMatch(/BITPIX {2}= +-32 .*NAXIS1 {2}= +63 .*NAXIS2 {2}= +63 .*END {2}/);
    }
    const pixel = (image: Buffer | undefined, i: number): number => image?.readFloatBE(2880 + 4 * i) ?? NaN;
    const [science, template, difference] = images;
    const sign = stamps[2]?.fileName.endsWith('_scimref.fits.gz') === true ? 1 : -1;
    const middle = 31 * 63 + 31;
    for (const i of [0, middle, 3968]) {
      expect(pixel(science, i)).toBeCloseTo(pixel(template, i) + sign * pixel(difference, i), 2);
    }
    expect(pixel(difference, middle)).toBeGreaterThan(0);
  });

  it('are named after the candidate, as ZTF names them', () => {
    const [science, template] = stampsOf(alert?.packet ?? Buffer.alloc(0));
    expect(science?.fileName).toMatch(new RegExp(`^candid${alert?.candid ?? ''}_pid\\d+_targ_sci\\.fits\\.gz$`));
    expect(template?.fileName).toBe(`candid${alert?.candid ?? ''}_ref.fits.gz`);
  });
});
