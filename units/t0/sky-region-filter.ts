import { z } from 'zod';
import { angularSeparationDeg, type SkyPosition } from '../../model/sky-separation.js';
import { definePreparedFilter, UnfitConfig, type FileContents } from '../define.js';
import { BadMoc, readMoc } from '../sky/moc.js';
import { BadPolygon, skyPolygon } from '../sky/polygon.js';

const ra = z.number().min(0).max(360);
const dec = z.number().min(-90).max(90);

const config = z.strictObject({
  polygon: z
    .array(z.tuple([ra, dec]))
    .max(1000)
    .optional()
    .describe('corners [ra, dec], ICRS (deg), joined by great circles'),
  moc: z.string().min(1).optional().describe('a FITS file with a HEALPix multi-order coverage map, beside the channel'),
  cone: z
    .strictObject({
      ra: ra.describe('ICRS (deg)'),
      dec: dec.describe('ICRS (deg)'),
      radius: z.number().positive().max(180).describe('(deg)'),
    })
    .optional()
    .describe('all within a radius of a position'),
  inside: z.boolean().default(true).describe('false: only alerts outside the region'),
});

/** Alerts in a region of the sky, or outside it: a polygon, a cone, or a MOC such as surveys and gravitational-wave maps have. */
export const skyRegionFilter = definePreparedFilter({
  name: 'SkyRegionFilter',
  version: '1.0.0',
  summary: 'Alerts inside a region of the sky (polygon, cone or MOC), or outside it.',
  config,
  reads: { candidate: ['ra', 'dec'], history: [] },
  reasons: {
    outsideRegion: 'outside the region',
    insideRegion: 'inside the region, and inside is false',
    null: 'the alert has no position',
  },
  files: ({ moc }) => (moc === undefined ? [] : [moc]),
  bind: (given, { files }) => {
    const has = regionOf(given, files);
    const { inside } = given;
    return ({ candidate }) => {
      const { ra: alertRa, dec: alertDec } = candidate;
      if (typeof alertRa !== 'number' || Number.isNaN(alertRa)) return { accepted: false, reason: 'null', field: 'ra' };
      if (typeof alertDec !== 'number' || Number.isNaN(alertDec))
        return { accepted: false, reason: 'null', field: 'dec' };
      if (has({ ra: alertRa, dec: alertDec }) === inside) return { accepted: true };
      return { accepted: false, reason: inside ? 'outsideRegion' : 'insideRegion' };
    };
  },
});

type Config = z.output<typeof config>;

function regionOf({ polygon, moc, cone }: Config, files: FileContents): (position: SkyPosition) => boolean {
  const given = Object.entries({ polygon, moc, cone }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length !== 1) {
    throw new UnfitConfig([], `found ${given.join(' and ') || 'no region'}, expected one of polygon, moc, cone`);
  }
  if (cone !== undefined) return (position) => angularSeparationDeg(position, cone) <= cone.radius;
  if (moc !== undefined) return mocOf(moc, files);
  try {
    return skyPolygon((polygon ?? []).map(([cornerRa, cornerDec]) => ({ ra: cornerRa, dec: cornerDec })));
  } catch (error) {
    if (!(error instanceof BadPolygon)) throw error;
    const { corner } = error;
    throw new UnfitConfig(
      corner === undefined ? ['polygon'] : ['polygon', corner],
      corner === undefined ? error.message : `corner ${corner + 1} ${error.message}`,
    );
  }
}

function mocOf(file: string, files: FileContents): (position: SkyPosition) => boolean {
  try {
    const region = readMoc(files.get(file) ?? new Uint8Array());
    return (position) => region.has(position);
  } catch (error) {
    if (error instanceof BadMoc) throw new UnfitConfig(['moc'], `${file} ${error.message}`);
    throw error;
  }
}
