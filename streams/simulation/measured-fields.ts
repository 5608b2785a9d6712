import { magOf } from './flux.js';
import { distanceToEdgePx } from './footprint.js';
import { candidOf } from './identifiers.js';
import { ofQuadrant, type Measurement } from './measurement.js';
import { quadrantFields } from './quadrant-fields.js';
import { normal, uniform, type Stream } from './random-stream.js';
import type { Exposure } from './schedule.js';
import type { Source } from './source.js';

const PIXEL_ARCSEC = 1.012;
const DEG = Math.PI / 180;

/** Groups of fields of a detection, as in `prv_candidates`; `candidate` has them too. */
export interface MeasuredFields {
  readonly image: object;
  readonly detection: { readonly candid: string; readonly isdiffpos: 't' | 'f'; readonly tblid: number };
  readonly quadrant: object;
  readonly position: object;
  readonly brightness: { readonly magpsf: number; readonly sigmapsf: number };
  readonly shape: object;
  readonly solarSystem: object;
  readonly aperture: object;
  readonly nearest: object;
  readonly significance: { readonly scorr: number };
  readonly calibration: object;
}

/**
 * What the pipeline writes of a detection. Draws from the measurement's stream in a set order: the same
 * measurement gives the same fields, in the alert and in the histories of later ones.
 */
export function measuredFields(source: Source, measurement: Measurement): MeasuredFields {
  const { exposure, flux, snr, stream } = measurement;
  const { rcid } = source.place;
  const { image, quadrant, calibration } = quadrantFields(exposure, rcid);
  const isPositive = flux > 0;
  const magpsf = magOf(Math.abs(flux));
  const sigmapsf = 1.0857 / snr;
  const magdiff = normal(stream, 0, (source.kind === 'bogus' ? 0.4 : 0.05) + 0.5 * sigmapsf);
  return {
    image,
    detection: {
      candid: candidOf(exposure, rcid, isPositive, source.row),
      isdiffpos: isPositive ? 't' : 'f',
      tblid: source.row,
    },
    quadrant,
    position: position(source, measurement),
    brightness: { magpsf, sigmapsf },
    shape: shape(source, exposure, stream, { magpsf, sigmapsf, magdiff }),
    solarSystem: NOT_IN_HISTORY,
    aperture: {
      sumrat: uniform(stream, source.kind === 'bogus' ? 0.2 : 0.85, 1),
      magapbig: magpsf + 1.2 * magdiff,
      sigmagapbig: 1.6 * sigmapsf,
    },
    nearest: nearestFields(source),
    significance: { scorr: snr * uniform(stream, 0.9, 1.1) },
    calibration,
  };
}

/** ZTF's histories don't say what was near in the solar system. */
const NOT_IN_HISTORY = { ssdistnr: null, ssmagnr: null, ssnamenr: null };

function position({ place }: Source, { exposure, snr, stream }: Measurement): object {
  // Centroids scatter with the width of the image and the noise.
  const scatterDeg = (0.05 + (0.4 * exposure.seeingArcsec) / snr) / 3600;
  const { xpos, ypos } = place;
  const ra = place.raDeg + normal(stream, 0, scatterDeg) / Math.cos(place.decDeg * DEG);
  return { xpos, ypos, ra: (ra + 360) % 360, dec: place.decDeg + normal(stream, 0, scatterDeg) };
}

function nearestFields(source: Source): object {
  const { place } = source;
  const { distArcsec, angleRad } = source.surroundings().nearest;
  const east = (distArcsec * Math.sin(angleRad)) / 3600 / Math.cos(place.decDeg * DEG);
  return { ranr: (place.raDeg + east + 360) % 360, decnr: place.decDeg + (distArcsec * Math.cos(angleRad)) / 3600 };
}

interface Photometry {
  readonly magpsf: number;
  readonly sigmapsf: number;
  readonly magdiff: number;
}

function shape(source: Source, exposure: Exposure, stream: Stream, { magpsf, sigmapsf, magdiff }: Photometry): object {
  const { place } = source;
  const { nearest } = source.surroundings();
  const image = source.kind === 'bogus' ? flawedImage(exposure, stream) : pointImage(exposure, stream, sigmapsf);
  const aimage = image.fwhm * 0.3 * Math.sqrt(image.elong);
  const bimage = aimage / image.elong;
  return {
    chipsf: image.chipsf,
    magap: magpsf + magdiff,
    sigmagap: 1.3 * sigmapsf,
    distnr: Math.max(0, nearest.distArcsec / PIXEL_ARCSEC + normal(stream, 0, 0.05)),
    magnr: nearest.mag,
    sigmagnr: 0.02,
    chinr: 0.9,
    sharpnr: 0.01,
    sky: normal(stream, 0, 0.5),
    magdiff,
    fwhm: image.fwhm,
    classtar: image.classtar,
    mindtoedge: distanceToEdgePx(place.xpos, place.ypos),
    magfromlim: ofQuadrant(exposure.limits, place.rcid) - magpsf - magdiff,
    seeratio: normal(stream, 1, 0.1),
    aimage,
    bimage,
    aimagerat: aimage / image.fwhm,
    bimagerat: bimage / image.fwhm,
    elong: image.elong,
    nneg: image.nneg,
    nbad: image.nbad,
    rb: image.rb,
  };
}

/** How an image looks: what tells real from bogus. */
interface ImageLook {
  readonly chipsf: number;
  readonly fwhm: number;
  readonly classtar: number;
  readonly elong: number;
  readonly nneg: number;
  readonly nbad: number;
  readonly rb: number;
}

function pointImage({ seeingArcsec }: Exposure, stream: Stream, sigmapsf: number): ImageLook {
  return {
    chipsf: uniform(stream, 0.8, 3),
    fwhm: (seeingArcsec / PIXEL_ARCSEC) * normal(stream, 1.1, 0.1),
    classtar: uniform(stream, 0.8, 1),
    elong: 1 + Math.abs(normal(stream, 0, 0.06 + 0.5 * sigmapsf)),
    nneg: Math.floor(uniform(stream, 0, 6)),
    nbad: 0,
    rb: 1 - 0.6 * uniform(stream) ** 2,
  };
}

function flawedImage({ seeingArcsec }: Exposure, stream: Stream): ImageLook {
  return {
    chipsf: uniform(stream, 2, 60),
    fwhm: (seeingArcsec / PIXEL_ARCSEC) * uniform(stream, 0.6, 4),
    classtar: uniform(stream),
    elong: 1 + Math.abs(normal(stream, 0, 0.5)),
    nneg: Math.floor(uniform(stream, 0, 14)),
    nbad: uniform(stream) < 0.3 ? Math.floor(uniform(stream, 1, 5)) : 0,
    rb: 0.75 * uniform(stream) ** 2,
  };
}
