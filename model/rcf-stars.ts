import type { FieldReader } from './field-reader.js';

/**
 * Rules of AMPEL's RcfFilter (ampel/contrib/hu/t0/RcfFilter.py) on what lies under or beside a candidate, which follow the
 * filter of ZTF's Bright Transient Survey. Distances in arcsec, magnitudes in mag, ages in days; fields by ZTF's names. Each
 * reads only what its decision needs, as there.
 */

/** What the light curve in the packet says. */
export interface RcfHistory {
  /** Time from the survey's first detection to the candidate (days). */
  readonly ageDays: number;
  /** Brightest positive detection, the candidate included (mag). */
  readonly peakMag: number;
  /** Number of positive detections brighter than the limit, the candidate included. */
  readonly brightDetections: number;
}

/** A magnitude of PanSTARRS that is none is -999. */
const NO_MAG = 99;

/** A point source lay there before: a star, or a red source whose star-galaxy score is in doubt. */
export function hasStarUnder(fields: FieldReader): boolean {
  const score = fields.read('sgscore1');
  const distance = fields.read('distpsnr1');
  if (score > 0.76 && distance > 0 && distance < 2) return true;
  if (!(score > 0.2 && distance > 0 && distance < 1)) return false;
  const r = fields.read('srmag1');
  if (!(r > 0)) return false;
  const z = fields.read('szmag1');
  if (z > 0 && r - z > 3) return true;
  const i = fields.read('simag1');
  return i > 0 && r - i > 3;
}

/** Below `rb` a star this near and bright explains the detection: of Gaia by `gaia`, of PanSTARRS by r, i and z. */
const ARTEFACTS = [
  { rb: 0.35, withinArcsec: 1, gaia: 17, r: 17, i: 17, z: 16.5 },
  { rb: 0.45, withinArcsec: 1.5, gaia: 15.5, r: 15.5, i: 15.5, z: 15 },
] as const;

/** The same by deep learning, for what is older than 90 days. */
const OLD_ARTEFACTS = [
  { drb: 0.5, withinArcsec: 3, mag: 16 },
  { drb: 0.5, withinArcsec: 1.1, mag: 18 },
  { drb: 0.8, withinArcsec: 1.5, mag: 15.5 },
  { drb: 0.8, withinArcsec: 0.8, mag: 17.5 },
] as const;

/** Likely bogus: a low score, the lower limit the higher the nearer and brighter a star is. */
export function isNotReal(fields: FieldReader, ageDays: number): boolean {
  const mag = panstarrsMag(fields);
  const rb = fields.read('rb');
  if (rb < 0.2) return true;
  for (const artefact of ARTEFACTS) if (rb < artefact.rb && isByStar(fields, artefact)) return true;
  const drb = fields.read('drb');
  const distance = fields.read('distpsnr1');
  for (const old of OLD_ARTEFACTS) {
    if (drb < old.drb && distance > 0 && distance < old.withinArcsec && mag < old.mag && ageDays > 90) return true;
  }
  return false;
}

function isByStar(fields: FieldReader, { withinArcsec, gaia, r, i, z }: (typeof ARTEFACTS)[number]): boolean {
  const gaiaDistance = fields.read('neargaia');
  if (gaiaDistance > 0 && gaiaDistance < withinArcsec && isBrighter(fields, 'maggaia', gaia)) return true;
  const distance = fields.read('distpsnr1');
  if (!(distance > 0 && distance < withinArcsec && fields.read('sgscore1') > 0.49)) return false;
  return isBrighter(fields, 'srmag1', r) || isBrighter(fields, 'simag1', i) || isBrighter(fields, 'szmag1', z);
}

/** The first magnitude that there is of the nearest source of PanSTARRS. */
function panstarrsMag(fields: FieldReader): number {
  let mag = fields.read('srmag1');
  for (const band of ['simag1', 'sgmag1', 'szmag1']) {
    if (!(mag <= 0 || mag > 30)) break;
    mag = fields.read(band);
  }
  return mag <= 0 ? NO_MAG : mag;
}

const NEIGHBOURS = [1, 2, 3].map((n) => ({
  distance: `distpsnr${n}`,
  score: `sgscore${n}`,
  mags: ['r', 'i', 'z'].map((band) => `s${band}mag${n}`),
}));

/** In the halo of a bright star: one of Gaia's, or one of the three neighbours in PanSTARRS. */
export function isBrightStar(fields: FieldReader): boolean {
  const gaiaDistance = fields.read('neargaiabright');
  if (gaiaDistance > 0 && gaiaDistance < 20 && isBrighter(fields, 'maggaiabright', 12)) return true;
  for (const { distance, score, mags } of NEIGHBOURS) {
    const away = fields.read(distance);
    if (!(away > 0 && away < 20)) continue;
    for (const mag of mags) if (isBrighter(fields, mag, 14) && fields.read(score) > 0.9) return true;
  }
  return false;
}

/** A source of the reference image this bright and near is the variable itself. */
const REFERENCES = [
  { mag: 19.5, withinArcsec: 0.4 },
  { mag: 17.5, withinArcsec: 0.8 },
  { mag: 15.5, withinArcsec: 1.2 },
] as const;

/** An old source that varies, not a new one. */
export function isVariableStar(fields: FieldReader, { ageDays, peakMag, brightDetections }: RcfHistory): boolean {
  const brightest = brightestPanstarrsMag(fields);
  const magpsf = fields.read('magpsf');
  const isAtPeak = peakMag === magpsf;
  const wasBright = (ageDays > 90 && brightDetections > 2) || (ageDays > 365 && brightDetections > 1);
  if (wasBright && !(isAtPeak && magpsf < 18.5)) {
    for (const { mag, withinArcsec } of REFERENCES) {
      if (!isBrighter(fields, 'magnr', mag)) continue;
      const distance = fields.read('distnr');
      if (distance > 0 && distance < withinArcsec) return true;
    }
  }
  return (
    isStarOfGaia(fields, ageDays, magpsf) ||
    (ageDays > 90 && isOldStar(fields, brightest)) ||
    (ageDays > 90 && !isAtPeak && isResidual(fields, magpsf))
  );
}

function isStarOfGaia(fields: FieldReader, ageDays: number, magpsf: number): boolean {
  const mag = fields.read('maggaia');
  if (!(mag > 0)) return false;
  const distance = fields.read('neargaia');
  if (!(distance > 0 && distance < 0.35)) return false;
  if (ageDays > 30 && mag < 17) return true;
  if (ageDays > 300 && mag < 19 && magpsf > 18.5) return true;
  return distance < 0.2 && ageDays > 90 && mag < 18;
}

function isOldStar(fields: FieldReader, brightestMag: number): boolean {
  const score = fields.read('sgscore1');
  const distance = fields.read('distpsnr1');
  return (score > 0.25 && distance < 3 && brightestMag < 16) || (score === 0.5 && distance < 0.5 && brightestMag < 17);
}

/** Fainter than the source of the reference image that it lies on. */
function isResidual(fields: FieldReader, magpsf: number): boolean {
  const distance = fields.read('distnr');
  return distance > 0 && distance < 0.5 && isBrighter(fields, 'magnr', magpsf - 1);
}

/** Brightest of the nearest source of PanSTARRS in any band; as in AMPEL none where there is none in r. */
function brightestPanstarrsMag(fields: FieldReader): number {
  let brightest = fields.read('srmag1');
  for (const band of ['simag1', 'sgmag1', 'szmag1']) {
    const mag = fields.read(band);
    if (mag > 0 && mag < brightest) brightest = mag;
  }
  return brightest <= 0 ? NO_MAG : brightest;
}

function isBrighter(fields: FieldReader, field: string, mag: number): boolean {
  const value = fields.read(field);
  return value > 0 && value < mag;
}
