import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import { isDetection, reject } from '../../model/decent-cuts.js';
import type { Rejection } from '../../model/decision.js';
import { neededFields, numberOf } from '../../model/needed-fields.js';
import { defineFilter } from '../define.js';
import { decentFilter } from './decent-filter.js';

const config = decentFilter.config.extend({
  max_dec: z.number().describe('northernmost declination (deg)'),
  det_within: z.number().describe('a detection is younger than this, counted back from the candidate (days)'),
  ul_within: z
    .number()
    .describe('an upper limit is younger than this, and no detection is between this and det_within (days)'),
  max_chipsf: z.number().default(4).describe('largest reduced chi-square of the PSF fit'),
  max_seeratio: z.number().default(2).describe('largest ratio of the widths in difference and science image'),
  min_sumrat: z.number().default(0.6).describe('least ratio of the sum of pixels to the sum of their absolute values'),
});
type Config = z.output<typeof config>;

const QUALITY = ['chipsf', 'seeratio', 'sumrat'];
const NEEDS = ['dec', ...QUALITY];

/**
 * AMPEL's filter for infant transients that a southern spectrograph can reach (ampel/contrib/hu/t0/XShooterFilter.py):
 * its own cuts, then DecentFilter's.
 */
export const xShooterFilter = defineFilter({
  name: 'XShooterFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'DecentFilter for transients that were not there a night or two ago, as far south as asked.',
  config,
  reads: {
    candidate: [...decentFilter.reads.candidate, ...QUALITY, 'magpsf'],
    history: ['jd', 'candid', 'magpsf'],
  },
  reasons: {
    dec: 'further north than max_dec',
    chipsf: 'the PSF fits worse than max_chipsf',
    seeratio: 'wider in the difference than in the science image by more than max_seeratio',
    sumrat: 'positive and negative pixels cancel: ratio below min_sumrat',
    noRecentDetection: 'no detection within det_within',
    noUpperLimit: 'no upper limit within ul_within',
    priorDetection: 'a detection within ul_within that is older than det_within',
    ...decentFilter.reasons,
  },
  run: (alert, cuts) =>
    subtractionCuts(alert.candidate, cuts) ?? onsetCuts(alert, cuts) ?? decentFilter.run(alert, cuts),
});

function subtractionCuts(alert: Fields, cuts: Config): Rejection | undefined {
  const needed = neededFields(alert, NEEDS);
  if (needed !== undefined) return needed;
  const dec = numberOf(alert, 'dec');
  if (!(dec <= cuts.max_dec)) return reject('dec', dec, cuts.max_dec);
  const chipsf = numberOf(alert, 'chipsf');
  if (!(chipsf <= cuts.max_chipsf)) return reject('chipsf', chipsf, cuts.max_chipsf);
  const seeratio = numberOf(alert, 'seeratio');
  if (!(seeratio <= cuts.max_seeratio)) return reject('seeratio', seeratio, cuts.max_seeratio);
  const sumrat = numberOf(alert, 'sumrat');
  if (!(sumrat >= cuts.min_sumrat)) return reject('sumrat', sumrat, cuts.min_sumrat);
  return undefined;
}

/** A detection now, a limit shortly before, no detection there. Ages in days before the candidate. */
function onsetCuts({ candidate, history }: AlertContent, cuts: Config): Rejection | undefined {
  const nowJd = numberOf(candidate, 'jd');
  const recentJd = nowJd - cuts.det_within;
  const limitJd = nowJd - cuts.ul_within;
  let newestDetection = candidate['magpsf'] == null ? -Infinity : nowJd;
  let newestPrior = newestDetection > recentJd ? -Infinity : newestDetection;
  let newestLimit = -Infinity;
  for (const point of history) {
    const jd = numberOf(point, 'jd');
    if (!isDetection(point)) newestLimit = Math.max(newestLimit, jd);
    else if (point['magpsf'] != null) {
      newestDetection = Math.max(newestDetection, jd);
      if (!(jd > recentJd)) newestPrior = Math.max(newestPrior, jd);
    }
  }
  if (!(newestDetection > recentJd)) return onset('noRecentDetection', nowJd - newestDetection, cuts.det_within);
  if (!(newestLimit > limitJd)) return onset('noUpperLimit', nowJd - newestLimit, cuts.ul_within);
  if (!(newestPrior <= limitJd)) return onset('priorDetection', nowJd - newestPrior, cuts.ul_within);
  return undefined;
}

/** Without an age where there is no such point. */
function onset(reason: string, ageDays: number, limit: number): Rejection {
  return { accepted: false, reason, field: 'jd', value: Number.isFinite(ageDays) ? ageDays : null, limit };
}
