import { z } from 'zod';
import { colourOf, magnitudeAt } from '../../model/colour.js';
import { magnitudesByBand } from '../../model/measured-brightness.js';
import { BadInput, defineT2 } from '../define.js';

const config = z.strictObject({
  blue: z.string().default('g').describe('band'),
  red: z.string().default('r').describe('band'),
  window: z.number().positive().default(3).describe('points of both bands so near to the peak count (days)'),
});

/**
 * Colour when the object was brightest in either band: each band is interpolated between the points around the peak, or that of the
 * nearest where all are on one side. Uncorrected for extinction, of which alerts say nothing. `BadInput` where a band has no
 * detection near the peak.
 */
export const t2ColorAtPeak = defineT2({
  name: 'T2ColorAtPeak',
  version: '1.0.0',
  summary: 'Colour at the brightest detection, such as g - r, with its error.',
  input: 'lightCurve',
  cost: 'light',
  config,
  result: z.strictObject({
    jd_peak: z.number().describe('Julian date of the brightest detection'),
    mag_peak: z.number(),
    band_peak: z.string(),
    color: z.number().describe('blue less red (mag)'),
    color_err: z.number().describe('one standard deviation (mag)'),
  }),
  run({ datapoints }, { blue, red, window }) {
    const bands = magnitudesByBand(datapoints);
    const points = [blue, red].flatMap((band) => (bands.get(band) ?? []).map((point) => ({ ...point, band })));
    const [first, ...others] = points;
    if (first === undefined) throw new BadInput(`no detection in ${blue} or ${red}`);
    const peak = others.reduce((best, point) => (point.mag < best.mag ? point : best), first);
    const at = (band: string): ReturnType<typeof magnitudeAt> => magnitudeAt(bands.get(band) ?? [], peak.jd, window);
    const found = colourOf(at(blue), at(red));
    if (found === undefined) {
      const missing = at(blue) === undefined ? blue : red;
      throw new BadInput(`no detection in ${missing} within ${window} days of the peak`);
    }
    const { colour, colourErr } = found;
    return { jd_peak: peak.jd, mag_peak: peak.mag, band_peak: peak.band, color: colour, color_err: colourErr };
  },
});
