import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import type { Rejection } from '../../model/decision.js';
import { galacticLatitudeDeg } from '../../model/galactic.js';
import { lsstDetections } from '../../model/lsst-detections.js';
import { defineFilter } from '../define.js';

const config = z.strictObject({
  min_ndet: z.int().describe('least number of sources in the packet, the triggering one included'),
  min_tspan: z.number().describe('least time between first and last source in the packet (days, inclusive)'),
  max_tspan: z.number().describe('longest time between first and last source in the packet (days, inclusive)'),
  min_archive_tspan: z.number().default(0).describe('as in AMPEL it is declared but not applied (days)'),
  max_archive_tspan: z.number().default(1e5).describe('as in AMPEL it is declared but not applied (days)'),
  min_gal_lat: z.number().describe('least absolute galactic latitude (deg); negative = not asked'),
  gaia_rs: z
    .number()
    .max(0, 'the Gaia cut needs a catalogue service, which is not there yet: set gaia_rs: 0 to go without it')
    .describe('radius of the Gaia search (arcsec); 0 = not asked'),
  gaia_pm_signif: z.number().describe('significance of the proper motion of a star (sigma)'),
  gaia_plx_signif: z.number().describe('significance of the parallax of a star (sigma)'),
  gaia_veto_gmag_min: z.number().describe('brightest Gaia source considered (G, mag)'),
  gaia_veto_gmag_max: z.number().describe('faintest Gaia source considered (G, mag)'),
  gaia_excessnoise_sig_max: z.number().describe('largest significance of the excess noise of a source considered'),
});
type Config = z.output<typeof config>;

/**
 * AMPEL asks for `decl`, which its own supplier has renamed, and so refuses every alert; this is the field that it means.
 */
const REQUIRED = ['ra', 'dec'];

/** AMPEL's general-purpose filter of LSST alerts (ampel/lsst/t0/SimpleLSSTFilter.py): order of cuts as AMPEL's. */
export const simpleLsstFilter = defineFilter({
  name: 'SimpleLSSTFilter',
  version: '1.0.0',
  surveys: ['lsst'],
  summary: 'LSST alerts with a history of sources, away from the galactic plane.',
  config,
  reads: { candidate: ['diaSourceId', 'midpointMjdTai', ...REQUIRED], history: ['diaSourceId', 'midpointMjdTai'] },
  reasons: {
    nDet: 'fewer sources in the packet than min_ndet',
    tSpan: 'sources in the packet span less than min_tspan or more than max_tspan',
    missing: 'the alert lacks a field that the filter needs',
    isNone: 'a field that the filter needs is null',
    galPlane: 'closer to the galactic plane than min_gal_lat',
  },
  run: (alert, cuts) => historyCuts(alert, cuts) ?? sourceCuts(alert.candidate, cuts) ?? { accepted: true },
});

function historyCuts(alert: AlertContent, { min_ndet, min_tspan, max_tspan }: Config): Rejection | undefined {
  const { count, spanDays } = lsstDetections(alert);
  if (count < min_ndet) return { accepted: false, reason: 'nDet', field: 'nDet', value: count, limit: min_ndet };
  const tSpan = { accepted: false, reason: 'tSpan', field: 'midpointMjdTai', value: spanDays } as const;
  if (!(spanDays >= min_tspan)) return { ...tSpan, limit: min_tspan };
  if (!(spanDays <= max_tspan)) return { ...tSpan, limit: max_tspan };
  return undefined;
}

function sourceCuts(source: Fields, { min_gal_lat }: Config): Rejection | undefined {
  for (const field of REQUIRED) {
    const value = source[field];
    if (value === undefined) return { accepted: false, reason: 'missing', field };
    if (value === null) return { accepted: false, reason: 'isNone', field };
  }
  const latitudeDeg = Math.abs(galacticLatitudeDeg(Number(source['ra']), Number(source['dec'])));
  if (latitudeDeg >= min_gal_lat) return undefined;
  return { accepted: false, reason: 'galPlane', field: 'dec', value: latitudeDeg, limit: min_gal_lat };
}
