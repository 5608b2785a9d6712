import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fitsFile } from '../test/fits-file.js';
import { pngPixels, type PngPixels } from '../test/png-pixels.js';
import { describeWithData, sharedData } from '../test/shared-data.js';
import { CUTOUT_NAMES, type Cutouts } from '../model/cutouts.js';
import { alertFormat } from '../streams/alert-format.js';
import { readPackets } from '../streams/archive/archive.js';
import { numberedSchemas } from '../streams/numbered-schemas.js';
import { isBad } from '../streams/packet.js';
import { surveyOf } from '../streams/surveys.js';
import { cutoutsSvg } from './cutouts.js';
import { svgToPng } from './png.js';

function stampsOf(svg: string): PngPixels[] {
  return Array.from(svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g), ([, base64 = '']) =>
    pngPixels(Buffer.from(base64, 'base64')),
  );
}

async function realCutouts(path: string, schemas?: string): Promise<Cutouts> {
  const format = alertFormat(schemas === undefined ? undefined : await numberedSchemas(join(sharedData, schemas)));
  for await (const packets of readPackets([join(sharedData, path)], format)) {
    for (const packet of packets) if (!isBad(packet)) return surveyOf(packet.schema).readCutouts(packet);
  }
  throw new Error(`${path} has no alert`);
}

const IMAGE = fitsFile([
  [0, 100, 50],
  [25, NaN, 75],
]);

describe('the picture of image stamps', () => {
  it('has each stamp with its name and what it shows, the first row lowest', () => {
    const svg = cutoutsSvg({ title: 'alert 1', cutouts: { science: IMAGE, template: IMAGE, difference: IMAGE } });
    const [stamp, ...others] = stampsOf(svg);
    const greys = [0, 1].map((y) => [0, 1, 2].map((x) => stamp?.at(x, y)));
    expect(greys).toEqual([
      [
        [64, 255],
        [0, 0],
        [191, 255],
      ],
      [
        [0, 255],
        [255, 255],
        [128, 255],
      ],
    ]);
    expect(others).toHaveLength(2);
    for (const text of ['alert 1', 'science', 'template', 'difference', '3 x 2 pixels, 0 to 100', 'pink: no value'])
      expect(svg).toContain(text);
  });

  it('says what is missing, and what has no value', () => {
    const svg = cutoutsSvg({ title: 'x', cutouts: { science: IMAGE, difference: fitsFile([[NaN, NaN]]) } });
    expect(stampsOf(svg)).toHaveLength(1);
    expect(svg).toMatch(/template<.*not in the alert.*difference<.*no pixel has a value/);
  });

  it('of one value is grey', () => {
    expect(stampsOf(cutoutsSvg({ title: 'x', cutouts: { science: fitsFile([[5, 5]]) } }))[0]?.at(1, 0)).toEqual([
      128, 255,
    ]);
  });

  it('says which stamp is damaged, and where', () => {
    const message = 'template stamp: the file ends at byte 2900, its 3 x 2 pixels of 32 bits end at byte 2904';
    expect(() => cutoutsSvg({ title: 'x', cutouts: { science: IMAGE, template: IMAGE.subarray(0, 2900) } })).toThrow(
      message,
    );
  });

  it('is drawn pixel by pixel, gaps in their colour', async () => {
    const { width, height, at } = pngPixels(
      await svgToPng(cutoutsSvg({ title: 'x', cutouts: { science: IMAGE } }), { zoom: 1 }),
    );
    expect([width, height]).toEqual([824, 396]);
    // A pixel of 84: one value from side to side. The stamp begins at 16, 82.
    for (const place of [2, 42, 81]) {
      expect(at(16 + place, 82 + 84 + place).slice(0, 3)).toEqual([0, 0, 0]);
      expect(at(16 + 84 + place, 82 + place).slice(0, 3)).toEqual([255, 217, 230]);
      expect(at(16 + 2 * 84 + place, 82 + place).slice(0, 3)).toEqual([191, 191, 191]);
    }
  });
});

/** Where the array begins, and a value of it, read as FITS defines it and not by the library. */
function arrayOf(stamp: Uint8Array, width: number): (x: number, y: number) => number {
  const packed = Buffer.from(stamp);
  const file = packed[0] === 0x1f ? gunzipSync(packed) : packed;
  const end = file.indexOf('END'.padEnd(80));
  const start = Math.ceil((end + 80) / 2880) * 2880;
  return (x, y) => file.readFloatBE(start + 4 * (y * width + x));
}

describeWithData('stamps of real alerts', () => {
  const LSST = 'lsst/real/confluent_id703_v7.3_3527242430321524769.avro';
  it.each([
    ['ZTF', 'ztf/by_version/v4.02_2695378462115010012.avro', undefined, 63, 63],
    ['ZTF at the edge of a detector', 'ztf/by_version/v1.8_396522680015040002.avro', undefined, 63, 45],
    ['LSST', LSST, 'lsst/schema/alert_packet_schemas.tar.gz', 30, 30],
  ])('of %s are as bright as the array says, the right way up', async (_, path, schemas, width, height) => {
    const cutouts = await realCutouts(path, schemas);
    const stamps = stampsOf(cutoutsSvg({ title: 'x', cutouts }));
    expect(stamps.map((stamp) => [stamp.width, stamp.height])).toEqual(CUTOUT_NAMES.map(() => [width, height]));
    for (const [index, name] of CUTOUT_NAMES.entries()) {
      const valueAt = arrayOf(cutouts[name] ?? Buffer.alloc(0), width);
      const pixels: { value: number; grey: number }[] = [];
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [grey = -1, alpha] = stamps[index]?.at(x, height - 1 - y) ?? [];
          const value = valueAt(x, y);
          if (Number.isNaN(value)) expect(alpha).toBe(0);
          else pixels.push({ value, grey });
        }
      pixels.sort((a, b) => a.value - b.value);
      const greys = pixels.map(({ grey }) => grey);
      expect(greys).toEqual(greys.toSorted((a, b) => a - b));
      expect([greys[0], greys.at(-1)]).toEqual([0, 255]);
      expect(new Set(greys).size).toBeGreaterThan(50);
    }
  });

  it('are found in each alert of an object, three each', async () => {
    let alerts = 0;
    const series = join(sharedData, 'ztf/series/ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz');
    for await (const packets of readPackets([series], alertFormat())) {
      for (const packet of packets) {
        if (isBad(packet)) throw packet.problem;
        expect(stampsOf(cutoutsSvg({ title: 'x', cutouts: surveyOf(packet.schema).readCutouts(packet) }))).toHaveLength(
          3,
        );
        alerts++;
      }
    }
    expect(alerts).toBe(34);
  });

  it('of alerts without them are none', async () => {
    expect(await realCutouts('ztf/series/ZTF20abyfpze_one_alert.avro')).toEqual({});
  });
});
