import { z } from 'zod';
import { candidateCuts, DECENT_FIELDS, DECENT_REASONS, historyCuts } from '../../model/decent-cuts.js';
import { defineFilter } from '../define.js';
import { decentFilter } from './decent-filter.js';

const { shape } = decentFilter.config;

const config = z.strictObject({
  min_ndet: shape.min_ndet.default(2),
  min_tspan: shape.min_tspan.default(0.02),
  max_tspan: shape.max_tspan.default(25),
  min_archive_tspan: shape.min_archive_tspan,
  max_archive_tspan: shape.max_archive_tspan,
  min_drb: shape.min_drb,
  min_rb: shape.min_rb.default(0.3),
  max_fwhm: shape.max_fwhm.default(5),
  max_elong: shape.max_elong.default(1.4),
  max_magdiff: shape.max_magdiff.default(0.4),
  max_nbad: shape.max_nbad.default(0),
  min_sso_dist: shape.min_sso_dist.default(20),
  min_gal_lat: shape.min_gal_lat.default(0),
  ps1_sgveto_rad: shape.ps1_sgveto_rad.default(2),
  ps1_sgveto_th: shape.ps1_sgveto_th.default(0.8),
  ps1_confusion_rad: shape.ps1_confusion_rad.default(1),
  ps1_confusion_sg_tol: shape.ps1_confusion_sg_tol.default(0.5),
});

/**
 * AMPEL's DecentFilter without catalogues (ampel/contrib/hu/t0/SimpleDecentFilter.py), with a default for each cut. Two
 * differences are AMPEL's: detections are the points with a magnitude, and a deep-learning score of null or 0 passes.
 */
export const simpleDecentFilter = defineFilter({
  name: 'SimpleDecentFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'DecentFilter without catalogue searches, with a default for each cut.',
  config,
  reads: { candidate: [...DECENT_FIELDS, 'magpsf'], history: ['jd', 'candid', 'magpsf'] },
  reasons: DECENT_REASONS,
  run(alert, cuts) {
    const { drb } = alert.candidate;
    const minDrb = drb === null || drb === 0 ? 0 : cuts.min_drb;
    return historyCuts(alert, cuts, true) ?? candidateCuts(alert.candidate, cuts, minDrb) ?? { accepted: true };
  },
});
