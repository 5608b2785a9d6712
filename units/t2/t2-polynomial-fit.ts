import { z } from 'zod';
import { magnitudesByBand, type Magnitude } from '../../model/measured-brightness.js';
import { fitPolynomial, vertexOf } from '../fits/polynomial.js';
import { BadInput, defineT2 } from '../define.js';

const config = z.strictObject({
  degree: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe('1: straight line, 2: parabola'),
  part: z
    .enum(['all', 'rise', 'decline'])
    .default('all')
    .describe('rise: up to the brightest point of each band; decline: from it on'),
  window: z.number().positive().optional().describe('only the last so many days'),
});
type Config = z.output<typeof config>;

const bandFit = z.strictObject({
  points: z.int(),
  reference_jd: z.number().describe('Julian date that times count from: of the last point'),
  coefficients: z.array(z.number()).describe('ascending by power: mag, mag/day, mag/day²'),
  covariance: z.array(z.array(z.number())).describe('of the coefficients'),
  chi2: z.number(),
  dof: z.int().describe('points less coefficients'),
  peak_jd: z.number().optional().describe('Julian date of the brightest point of a parabola that has one'),
  peak_jd_err: z.number().optional().describe('(days)'),
  peak_mag: z.number().optional(),
  peak_mag_err: z.number().optional(),
});

/**
 * Weighted least squares of the magnitudes in each band over time, with covariance. Bands with fewer points than
 * coefficients and one more have none. `BadInput` where no band has enough.
 */
export const t2PolynomialFit = defineT2({
  name: 'T2PolynomialFit',
  version: '1.0.0',
  summary: 'A straight line or a parabola through the magnitudes of each band, with covariance and peak.',
  input: 'lightCurve',
  cost: 'light',
  config,
  result: z.record(z.string(), bandFit).describe('by band'),
  run({ datapoints }, config) {
    const fits: Record<string, z.output<typeof bandFit>> = {};
    for (const [band, points] of magnitudesByBand(datapoints)) {
      const fit = fitBand(chosen(points, config), config.degree);
      if (fit !== undefined) fits[band] = fit;
    }
    if (Object.keys(fits).length === 0) {
      throw new BadInput(
        `no band has ${config.degree + 2} points at different times for a fit of degree ${config.degree}`,
      );
    }
    return fits;
  },
});

function chosen(points: readonly Magnitude[], { part, window = Infinity }: Config): readonly Magnitude[] {
  const brightest = points.reduce((best, { mag }, index) => (mag < (points[best]?.mag ?? Infinity) ? index : best), 0);
  const ofPart = part === 'all' ? points : part === 'rise' ? points.slice(0, brightest + 1) : points.slice(brightest);
  const last = ofPart.at(-1)?.jd ?? 0;
  return ofPart.filter(({ jd }) => jd >= last - window);
}

function fitBand(points: readonly Magnitude[], degree: number): z.output<typeof bandFit> | undefined {
  const last = points.at(-1);
  if (last === undefined || points.length < degree + 2) return undefined;
  const fit = fitPolynomial(
    {
      x: points.map(({ jd }) => jd - last.jd),
      y: points.map(({ mag }) => mag),
      sigma: points.map(({ magErr }) => magErr),
    },
    degree,
  );
  if (fit === undefined) return undefined;
  const { parameters, covariance, chi2, dof } = fit;
  const vertex = (parameters[2] ?? 0) > 0 ? vertexOf(fit) : undefined;
  return {
    ...{ points: points.length, reference_jd: last.jd, chi2, dof },
    ...{ coefficients: [...parameters], covariance: covariance.map((row) => [...row]) },
    ...(vertex && {
      ...{ peak_jd: last.jd + vertex.x, peak_jd_err: vertex.xErr, peak_mag: vertex.y, peak_mag_err: vertex.yErr },
    }),
  };
}
