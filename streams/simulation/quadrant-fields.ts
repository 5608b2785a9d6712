import { imageName, pidOf } from './identifiers.js';
import { ofQuadrant } from './measurement.js';
import { encodeHistoryEntry } from './packet-encoding.js';
import { SURVEY_BEGIN_JD } from './options.js';
import type { Exposure } from './schedule.js';

const RB_VERSION = 't17_f5_c3';

/** Groups of packet fields that all positions of a quadrant share in one exposure. */
export interface QuadrantFields {
  readonly image: object;
  readonly quadrant: object;
  readonly calibration: object;
  readonly reference: object;
  /** The exposure without a detection, encoded as the history has it: the limit, and nulls. */
  readonly upperLimit: Buffer;
}

/** Made once for each quadrant that is looked at, gone with the exposure. */
const made = new WeakMap<Exposure, QuadrantFields[]>();

/** The fields of readout channel `rcid` (0 … 63) in an exposure. */
export function quadrantFields(exposure: Exposure, rcid: number): QuadrantFields {
  let ofExposure = made.get(exposure);
  if (ofExposure === undefined) made.set(exposure, (ofExposure = []));
  return (ofExposure[rcid] ??= makeFields(exposure, rcid));
}

function makeFields(exposure: Exposure, rcid: number): QuadrantFields {
  const { nid, field, band, jd } = exposure;
  const fid = band === 'g' ? 1 : 2;
  const image = {
    jd,
    fid,
    pid: pidOf(exposure, rcid),
    diffmaglim: ofQuadrant(exposure.limits, rcid),
    pdiffimfilename: imageName(exposure, rcid),
    programpi: 'Kulkarni',
    programid: 1,
  };
  const quadrant = { nid, rcid, field: field.id };
  const calibration = { ...CALIBRATION, ...COLOUR[band] };
  const reference = {
    rfid: Number(`${field.id}120${fid}${String(rcid).padStart(2, '0')}`),
    jdstartref: SURVEY_BEGIN_JD - 120,
    jdendref: SURVEY_BEGIN_JD - 30,
    nframesref: 15,
    rbversion: RB_VERSION,
  };
  const upperLimit = encodeHistoryEntry({ ...NOT_MEASURED, image, quadrant, calibration });
  return { image, quadrant, calibration, reference, upperLimit };
}

/** As typical for the survey; nothing that is simulated depends on it. */
const CALIBRATION = {
  ...{ magzpsciunc: 0.00001, magzpscirms: 0.03, clrcounc: 0.00001, rbversion: RB_VERSION },
  ...{ nmatches: 400, zpclrcov: -0.00001, clrmed: 0.75, clrrms: 0.3 },
};
const COLOUR = {
  g: { magzpsci: 26.3, zpmed: 26.3, clrcoeff: -0.05 },
  r: { magzpsci: 26.2, zpmed: 26.2, clrcoeff: 0.1 },
} as const;

const NOT_MEASURED = {
  detection: { candid: null, isdiffpos: null, tblid: null },
  position: { xpos: null, ypos: null, ra: null, dec: null },
  brightness: { magpsf: null, sigmapsf: null },
  shape: {
    ...{ chipsf: null, magap: null, sigmagap: null, distnr: null, magnr: null, sigmagnr: null, chinr: null },
    ...{ sharpnr: null, sky: null, magdiff: null, fwhm: null, classtar: null, mindtoedge: null, magfromlim: null },
    ...{ seeratio: null, aimage: null, bimage: null, aimagerat: null, bimagerat: null, elong: null },
    ...{ nneg: null, nbad: null, rb: null },
  },
  solarSystem: { ssdistnr: null, ssmagnr: null, ssnamenr: null },
  aperture: { sumrat: null, magapbig: null, sigmagapbig: null },
  nearest: { ranr: null, decnr: null },
  significance: { scorr: null },
};
