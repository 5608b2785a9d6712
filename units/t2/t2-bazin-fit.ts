import { z } from 'zod';
import { fluxesByBand, magOfFlux, type Flux } from '../../model/measured-brightness.js';
import { BadInput, defineT2, type MagnitudeAt } from '../define.js';
import { bazin, bazinPeak, fitBazin } from '../fits/bazin.js';
import type { Fit } from '../fits/least-squares.js';

const LEAST_POINTS = 6;
/** 2.5 / ln 10: from a relative error to magnitudes. */
const MAG_OF_RELATIVE = 2.5 / Math.LN10;
const NAMES = ['amplitude', 't0', 'tau_rise', 'tau_fall', 'base'] as const;

const config = z.strictObject({
  bands: z.array(z.string()).min(1).optional().describe('only these; default: all with enough points'),
});

const bandFit = z.strictObject({
  points: z.int(),
  reference_jd: z.number().describe('Julian date that t0 counts from: of the first point'),
  amplitude: z.number().describe('A (nJy)'),
  t0: z.number().describe('(days)'),
  tau_rise: z.number().describe('(days)'),
  tau_fall: z.number().describe('(days)'),
  base: z.number().describe('B (nJy)'),
  covariance: z.array(z.array(z.number())).describe('of amplitude, t0, tau_rise, tau_fall, base; 0 of those at bounds'),
  at_bounds: z.array(z.enum(NAMES)).describe('what the points would have beyond its bound; errors are with that fixed'),
  chi2: z.number(),
  dof: z.int().describe('points less parameters'),
  peak_jd: z
    .number()
    .nullable()
    .describe(
      'Julian date of the top, which may lie outside the points; null without one, or with more than base at a bound',
    ),
  peak_jd_err: z.number().nullable().describe('(days)'),
  peak_flux: z.number().nullable().describe('(nJy)'),
  peak_flux_err: z.number().nullable(),
  peak_mag: z.number().nullable().describe('AB; null where the flux is not above 0'),
  peak_mag_err: z.number().nullable(),
});

type BandFit = z.output<typeof bandFit>;

/**
 * A fit of the curve of Bazin et al. (2009, A&A 499, 653) to the fluxes of each band, with covariance: see `units/fits/bazin.ts`.
 * Negative fluxes and forced photometry count too; upper limits do not. Bands that have no fit are left out; `BadInput` with
 * the reason of each where none has one: fewer than six points, or points that do not determine a rise and a decline. Errors are
 * those of the measurements alone: where chi2 is far above dof, the curve does not describe them.
 */
export const t2BazinFit = defineT2({
  name: 'T2BazinFit',
  version: '1.2.0',
  summary: 'Rise and decline of the flux in each band after Bazin et al. 2009, with covariance and peak.',
  input: 'lightCurve',
  cost: 'heavy',
  execution: { group: 'fits', timeoutMs: 60_000 },
  config,
  result: z.record(z.string(), bandFit).describe('by band'),
  run({ datapoints }, { bands }) {
    const fits: Record<string, BandFit> = {};
    const reasons: string[] = [];
    for (const [band, fluxes] of fluxesByBand(datapoints)) {
      if (bands?.includes(band) === false) continue;
      const fit = fluxes.length < LEAST_POINTS ? `${fluxes.length} points, expected ${LEAST_POINTS}` : fitBand(fluxes);
      if (typeof fit === 'string') reasons.push(`${band}: ${fit}`);
      else fits[band] = fit;
    }
    if (Object.keys(fits).length > 0) return fits;
    throw new BadInput(reasons.length === 0 ? 'no flux in the bands asked for' : `no fit: ${reasons.join('; ')}`);
  },
  model: (fits) => Object.fromEntries(Object.entries(fits).map(([band, fit]) => [band, magnitudeOf(fit)])),
});

function magnitudeOf({ reference_jd, amplitude, t0, tau_rise, tau_fall, base }: BandFit): MagnitudeAt {
  return (jd) => {
    const flux = bazin.value(jd - reference_jd, [amplitude, t0, tau_rise, tau_fall, base]);
    return flux > 0 ? magOfFlux(flux) : Number.NaN;
  };
}

/** Or why there is none. */
function fitBand(fluxes: readonly Flux[]): BandFit | string {
  const startJd = fluxes[0]?.jd ?? Number.NaN;
  const fit = fitBazin({
    x: fluxes.map(({ jd }) => jd - startJd),
    y: fluxes.map(({ flux }) => flux),
    sigma: fluxes.map(({ fluxErr }) => fluxErr),
  });
  if (fit === undefined) return `${fluxes.length} points that do not determine a rise and a decline`;
  const [amplitude = 0, t0 = 0, tauRise = 0, tauFall = 0, base = 0] = fit.parameters;
  return {
    ...{ points: fluxes.length, reference_jd: startJd, amplitude, t0, tau_rise: tauRise, tau_fall: tauFall, base },
    ...{ covariance: fit.covariance.map((row) => [...row]), chi2: fit.chi2, dof: fit.dof },
    ...{ at_bounds: fit.held.flatMap((parameter) => NAMES[parameter] ?? []), ...peakOf(fit, startJd) },
  };
}

/** A parameter at its bound makes a top that no point shows, and errors that are none. */
function peakOf(
  fit: Fit,
  startJd: number,
): Pick<BandFit, 'peak_jd' | 'peak_jd_err' | 'peak_flux' | 'peak_flux_err' | 'peak_mag' | 'peak_mag_err'> {
  const isFree = fit.held.every((parameter) => NAMES[parameter] === 'base');
  const peak = isFree ? bazinPeak(fit) : undefined;
  const isBright = peak !== undefined && peak.value > 0;
  return {
    ...{ peak_jd: peak === undefined ? null : startJd + peak.t, peak_jd_err: peak?.tErr ?? null },
    ...{ peak_flux: peak?.value ?? null, peak_flux_err: peak?.valueErr ?? null },
    peak_mag: isBright ? magOfFlux(peak.value) : null,
    peak_mag_err: isBright ? MAG_OF_RELATIVE * (peak.valueErr / peak.value) : null,
  };
}
