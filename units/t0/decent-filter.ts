import { z } from 'zod';
import { candidateCuts, DECENT_FIELDS, DECENT_REASONS, historyCuts } from '../../model/decent-cuts.js';
import { defineFilter } from '../define.js';

const config = z.strictObject({
  min_ndet: z.int().describe('least number of detections in the packet, the candidate included'),
  min_tspan: z.number().describe('least time between first and last detection in the packet (days, inclusive)'),
  max_tspan: z.number().describe('longest time between first and last detection in the packet (days, inclusive)'),
  min_archive_tspan: z
    .number()
    .default(0)
    .describe('jdendhist - jdstarthist must exceed this (days); 0 rejects single visits'),
  max_archive_tspan: z.number().default(1e5).describe('jdendhist - jdstarthist must be below this (days)'),
  min_drb: z.number().default(0).describe('least deep-learning real-bogus score; 0 = not asked'),
  min_rb: z.number().describe('least real-bogus score'),
  max_fwhm: z.number().describe('largest full width at half maximum (pixels)'),
  max_elong: z.number().describe('largest ratio of the axes of the image'),
  max_magdiff: z.number().describe('largest absolute difference of aperture and PSF magnitude (mag)'),
  max_nbad: z.int().describe('bad pixels in the stamp; as in AMPEL it is declared but not applied'),
  min_sso_dist: z.number().describe('least distance of a known solar-system object (arcsec)'),
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
  ps1_sgveto_rad: z.number().describe('a PanSTARRS source within this radius can veto (arcsec)'),
  ps1_sgveto_th: z.number().describe('… if its star-galaxy score is above this'),
  ps1_confusion_rad: z
    .number()
    .describe('field is confused if all three PanSTARRS neighbours are within this radius (arcsec)'),
  ps1_confusion_sg_tol: z.number().describe('… and their star-galaxy scores within this of 0.5'),
});

/** AMPEL's general-purpose filter for extragalactic transients (Nordin et al. 2019): decisions and order of cuts as AMPEL's. */
export const decentFilter = defineFilter({
  name: 'DecentFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Real, positive, isolated, extragalactic and not too old: the cuts that AMPEL channels start from.',
  config,
  reads: { candidate: DECENT_FIELDS, history: ['jd', 'candid'] },
  reasons: DECENT_REASONS,
  run: (alert, cuts) => historyCuts(alert, cuts) ?? candidateCuts(alert.candidate, cuts) ?? { accepted: true },
});
