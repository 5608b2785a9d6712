import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import { galacticPlaneCut, reject } from '../../model/decent-cuts.js';
import type { Rejection } from '../../model/decision.js';
import { hostOffsets } from '../../model/host-offset.js';
import { neededFields, numberOf } from '../../model/needed-fields.js';
import { NUCLEAR_POINT_FIELDS, nuclearPoints, type NuclearPoint } from '../../model/nuclear-light-curve.js';
import { defineFilter } from '../define.js';

const config = z.strictObject({
  maxDeltaRad: z.number().default(0.5).describe('largest distance of transient and host (arcsec)'),
  minDeltaRad: z.number().default(0).describe('least distance of transient and host (arcsec)'),
  maxSgscore: z.number().default(0.3).describe('largest star-galaxy score of the source of PanSTARRS'),
  minDeltaJD: z.number().default(0.01).describe('longest gap between detections must reach this (days)'),
  maxDeltaJD: z.number().default(10).describe('shortest gap between detections may not exceed this (days)'),
  minDetections: z.int().default(3).describe('least number of good detections, in all and in a band'),
  diffmagLimit: z.number().default(20).describe('faintest difference magnitude at peak (mag)'),
  maxDeltaMag: z.number().default(2.5).describe('most that the transient may be fainter than the reference (mag)'),
  minRealBogusScore: z.number().default(0.3).describe('real-bogus score that one detection must have'),
  maxDistPS1source: z.number().default(1).describe('largest distance of the nearest source of PanSTARRS (arcsec)'),
  closePS1dist: z.number().default(0.5).describe('the second source of PanSTARRS counts within this (arcsec)'),
  brightRefMag: z.number().default(12).describe('brightest source of the reference image (mag)'),
  brightPS1gMag: z.number().default(12).describe('brightest source of PanSTARRS in g (mag)'),
  brightPS1rMag: z.number().default(12).describe('brightest source of PanSTARRS in r (mag)'),
  brightPS1iMag: z.number().default(12).describe('brightest source of PanSTARRS in i (mag)'),
  brightPS1zMag: z.number().default(12).describe('brightest source of PanSTARRS in z (mag)'),
  removeNegative: z.int().default(1).describe('1: negative subtractions do not count'),
  minGalLat: z.number().default(5).describe('least absolute galactic latitude (deg)'),
  doGaiaVeto: z
    .int()
    .min(0)
    .max(0, 'the Gaia veto needs a catalogue service, which is not there yet: set doGaiaVeto: 0 to go without it')
    .prefault(1)
    .describe('1: Gaia can veto; only 0'),
  maxPS1matches: z.int().default(100).describe('most sources of PanSTARRS within 30 arcsec'),
  lastOnly: z.int().default(0).describe('1: the newest point must be a good detection, and its score counts'),
  maxGaiamatches: z.int().default(30).describe('most Gaia sources within 30 arcsec; only with doGaiaVeto'),
  brightObjDist: z.number().default(15).describe('a bright source of PanSTARRS within this rejects (arcsec)'),
  brightGaiaMag: z.number().default(13.5).describe('brightest Gaia source (G, mag); only with doGaiaVeto'),
  maxParallaxSNR: z.number().default(3).describe('largest significance of a parallax (sigma); only with doGaiaVeto'),
  singleGaiaDist: z.number().default(1).describe('two Gaia sources within this veto (arcsec); only with doGaiaVeto'),
  minDeltaG: z.number().default(0.2).describe('least excess of PanSTARRS over Gaia flux (mag); only with doGaiaVeto'),
  minSafeSgscore: z.number().default(0.5).describe('a close second source with a score below this saves the first'),
});
type Config = z.output<typeof config>;

const SCORES = ['sgscore1', 'sgscore2', 'sgscore3', 'distpsnr1', 'distpsnr2', 'distpsnr3'];
const BANDS = [
  { mags: ['sgmag1', 'sgmag2', 'sgmag3'], limit: 'brightPS1gMag' },
  { mags: ['srmag1', 'srmag2', 'srmag3'], limit: 'brightPS1rMag' },
  { mags: ['simag1', 'simag2', 'simag3'], limit: 'brightPS1iMag' },
  { mags: ['szmag1', 'szmag2', 'szmag3'], limit: 'brightPS1zMag' },
] as const;
const MAGS = BANDS.flatMap(({ mags }) => mags);

/** AMPEL's filter for tidal disruptions and other flares in the centres of galaxies (ampel/nuclear/t0/NuclearFilter.py). */
export const nuclearFilter = defineFilter({
  name: 'NuclearFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Flares in the centre of a galaxy: near an extended source of PanSTARRS, on the source of the reference.',
  config,
  reads: {
    candidate: [...SCORES, ...MAGS, 'nmtchps', ...NUCLEAR_POINT_FIELDS],
    history: NUCLEAR_POINT_FIELDS,
  },
  reasons: {
    noSgscore: 'the packet has no star-galaxy scores: a schema before 1.8',
    missing: 'the alert lacks a field that the filter needs',
    isNone: 'a field that the filter needs is null',
    largeSgscore: 'the nearest source of PanSTARRS is more of a star than maxSgscore',
    largeSgscore2: 'the second source of PanSTARRS is as close, and more of a star than maxSgscore',
    badPs1Photometry: 'the nearest source of PanSTARRS has no magnitude in r',
    ps1TooFar: 'the nearest source of PanSTARRS is farther than maxDistPS1source',
    brightPs1Match1: 'the nearest source of PanSTARRS is too bright',
    brightPs1Match2: 'the second source of PanSTARRS is too bright and within brightObjDist',
    brightPs1Match3: 'the third source of PanSTARRS is too bright and within brightObjDist',
    noGoodDetection: 'no detection of good quality on a source of the reference image',
    nDet: 'fewer good detections than minDetections',
    brightReference: 'the source of the reference image is brighter than brightRefMag',
    nmtchps: 'more sources of PanSTARRS nearby than maxPS1matches',
    galPlane: 'closer to the galactic plane than minGalLat',
    lastDetection: 'the newest point is no good detection (lastOnly)',
    rb: 'no real-bogus score reaches minRealBogusScore',
    onlyDuplicates: 'all good detections are of one time',
    potentialMover: 'all good detections within minDeltaJD of the next: it may move',
    largeGap: 'good detections farther apart than maxDeltaJD',
    tooFaint: 'fainter than diffmagLimit at peak',
    fluxIncrease: 'flux increase too small: fainter than the reference by more than maxDeltaMag',
    hostOffset: 'distance from the host not between minDeltaRad and maxDeltaRad',
    noHostOffset: 'too few good detections in one band for the distance from the host',
  },
  run(alert, cuts) {
    const panstarrs = scoreCuts(alert.candidate, cuts) ?? panstarrsCuts(alert.candidate, cuts);
    if (panstarrs !== undefined) return panstarrs;
    const points = nuclearPoints(alert, cuts.removeNegative !== 0);
    if ('accepted' in points) return points;
    return (
      fieldCuts(alert, points, cuts) ??
      lastPointCuts(alert, points, cuts) ??
      gapCuts(points, cuts) ??
      brightnessCuts(points, cuts) ??
      offsetCut(points, cuts) ?? { accepted: true }
    );
  },
});

function scoreCuts(alert: Fields, cuts: Config): Rejection | undefined {
  if (alert['sgscore1'] === undefined) return { accepted: false, reason: 'noSgscore', field: 'sgscore1' };
  const needed = neededFields(alert, SCORES);
  if (needed !== undefined) return needed;
  const score = numberOf(alert, 'sgscore1');
  const score2 = numberOf(alert, 'sgscore2');
  const isClose = Math.abs(numberOf(alert, 'distpsnr2')) < cuts.closePS1dist;
  if (!(score <= cuts.maxSgscore) && !(isClose && score2 < cuts.minSafeSgscore)) {
    return reject('largeSgscore', score, cuts.maxSgscore, 'sgscore1');
  }
  if (isClose && !(score2 <= cuts.maxSgscore)) return reject('largeSgscore2', score2, cuts.maxSgscore, 'sgscore2');
  return undefined;
}

function panstarrsCuts(alert: Fields, cuts: Config): Rejection | undefined {
  const needed = neededFields(alert, MAGS);
  if (needed !== undefined) return needed;
  const isClose = Math.abs(numberOf(alert, 'distpsnr2')) < cuts.closePS1dist;
  const mag = numberOf(alert, 'srmag1');
  if (!(mag >= 0) && !(isClose && numberOf(alert, 'srmag2') > 0)) return reject('badPs1Photometry', mag, 0, 'srmag1');
  const distance = numberOf(alert, 'distpsnr1');
  if (!(Math.abs(distance) <= cuts.maxDistPS1source)) {
    return reject('ps1TooFar', distance, cuts.maxDistPS1source, 'distpsnr1');
  }
  return brightNeighbourCuts(alert, cuts);
}

function brightNeighbourCuts(alert: Fields, cuts: Config): Rejection | undefined {
  const isNear2 = Math.abs(numberOf(alert, 'distpsnr2')) < cuts.brightObjDist;
  const isNear3 = Math.abs(numberOf(alert, 'distpsnr3')) < cuts.brightObjDist;
  for (const { mags, limit } of BANDS) {
    const brightest = cuts[limit];
    const isBright = (field: string): boolean => Math.abs(numberOf(alert, field)) < brightest;
    const [first, second, third] = mags;
    if (isBright(first)) return reject('brightPs1Match1', numberOf(alert, first), brightest, first);
    if (isNear2 && isBright(second)) return reject('brightPs1Match2', numberOf(alert, second), brightest, second);
    if (isNear3 && isBright(third)) return reject('brightPs1Match3', numberOf(alert, third), brightest, third);
  }
  return undefined;
}

function fieldCuts({ candidate }: AlertContent, points: readonly NuclearPoint[], cuts: Config): Rejection | undefined {
  if (points.length === 0) return { accepted: false, reason: 'noGoodDetection' };
  if (points.length < cuts.minDetections) return reject('nDet', points.length, cuts.minDetections);
  const brightest = least(points.map(({ magnr }) => magnr));
  if (brightest > 0 && brightest < cuts.brightRefMag) {
    return reject('brightReference', brightest, cuts.brightRefMag, 'magnr');
  }
  const needed = neededFields(candidate, ['nmtchps', 'ra', 'dec']);
  if (needed !== undefined) return needed;
  const matches = numberOf(candidate, 'nmtchps');
  if (!(matches <= cuts.maxPS1matches)) return reject('nmtchps', matches, cuts.maxPS1matches);
  return galacticPlaneCut(candidate, cuts.minGalLat);
}

/** The score of the best detection, or with `lastOnly` of the newest, which must be the newest point of all. */
function lastPointCuts(
  { candidate, history }: AlertContent,
  points: readonly NuclearPoint[],
  cuts: Config,
): Rejection | undefined {
  let best = most(points.map(({ rb }) => rb));
  if (cuts.lastOnly !== 0) {
    const newestJd = most([candidate, ...history].map((point) => numberOf(point, 'jd')));
    const newest = points.find(({ jd }) => jd === newestJd);
    if (newest === undefined) return { accepted: false, reason: 'lastDetection' };
    best = newest.rb;
  }
  return best >= cuts.minRealBogusScore ? undefined : reject('rb', best, cuts.minRealBogusScore);
}

function gapCuts(points: readonly NuclearPoint[], cuts: Config): Rejection | undefined {
  const jds = points.map(({ jd }) => jd).sort((a, b) => a - b);
  const gaps = jds.map((jd, index) => jd - (jds[index - 1] ?? jd)).filter((gapDays) => gapDays > 0);
  if (gaps.length === 0) return { accepted: false, reason: 'onlyDuplicates', field: 'jd', value: points.length };
  const longest = most(gaps);
  if (!(longest >= cuts.minDeltaJD)) return reject('potentialMover', longest, cuts.minDeltaJD, 'jd');
  const shortest = least(gaps);
  return shortest <= cuts.maxDeltaJD ? undefined : reject('largeGap', shortest, cuts.maxDeltaJD, 'jd');
}

function brightnessCuts(points: readonly NuclearPoint[], cuts: Config): Rejection | undefined {
  const peak = least(points.map(({ magpsf }) => magpsf));
  if (!(peak <= cuts.diffmagLimit)) return reject('tooFaint', peak, cuts.diffmagLimit, 'magpsf');
  const increase = least(points.map(({ magpsf, magnr }) => magpsf - magnr));
  return increase <= cuts.maxDeltaMag ? undefined : reject('fluxIncrease', increase, cuts.maxDeltaMag, 'magpsf');
}

/** g and r apart; one of three averages in one band is enough. */
function offsetCut(points: readonly NuclearPoint[], cuts: Config): Rejection | undefined {
  let weighted: number | undefined;
  for (const fid of [1, 2]) {
    const band = points.filter((point) => point.fid === fid);
    if (band.length < cuts.minDetections) continue;
    const { meanArcsec, medianArcsec, weightedArcsec } = hostOffsets(band);
    const isIn = (arcsec: number): boolean => arcsec < cuts.maxDeltaRad && arcsec > cuts.minDeltaRad;
    if (isIn(meanArcsec) || isIn(medianArcsec) || isIn(weightedArcsec)) return undefined;
    weighted ??= weightedArcsec;
  }
  if (weighted === undefined) return { accepted: false, reason: 'noHostOffset' };
  return reject('hostOffset', weighted, weighted < cuts.maxDeltaRad ? cuts.minDeltaRad : cuts.maxDeltaRad, 'ranr');
}

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other), -Infinity);
}
