import { galacticLatitudeDeg } from '../../model/galactic.js';

/** A pointing of the survey: 8 × 8 readout quadrants. */
export interface Field {
  readonly id: number;
  readonly raDeg: number;
  readonly decDeg: number;
}

/** Where in a field something lies. */
export interface Placement {
  readonly rcid: number;
  readonly xpos: number;
  readonly ypos: number;
  readonly raDeg: number;
  readonly decDeg: number;
}

const DEG = Math.PI / 180;
const FIELD_DEG = 7.2;
const FIRST_FIELD_ID = 245;
const PIXEL_ARCSEC = 1.012;
/** Columns and rows of a readout quadrant. */
const QUADRANT_PX = [3072, 3080] as const;
/** Sources this near the edge of a quadrant are left out, as by the survey's pipeline. */
const EDGE_PX = 15;
/** Away from the plane, where filters for extragalactic transients look. */
const LEAST_GALACTIC_LATITUDE_DEG = 18;
const SOUTHERN_LIMIT_DEG = -21;
const NORTHERN_LIMIT_DEG = 76;

/** The `count` fields nearest to opposition at `jd`, in order of right ascension. Throws `RangeError` beyond the whole sky. */
export function chooseFields(count: number, jd: number): Field[] {
  const opposition = (sunRightAscensionDeg(jd) + 180) % 360;
  const away = ({ raDeg }: Field): number => Math.abs(((raDeg - opposition + 540) % 360) - 180);
  const candidates = skyGrid().filter(
    ({ raDeg, decDeg }) => Math.abs(galacticLatitudeDeg(raDeg, decDeg)) > LEAST_GALACTIC_LATITUDE_DEG,
  );
  if (!Number.isInteger(count) || count < 1 || count > candidates.length) {
    throw new RangeError(`fields is ${count}, expected an integer from 1 to ${candidates.length}`);
  }
  const chosen = candidates.sort((one, other) => away(one) - away(other) || one.id - other.id).slice(0, count);
  return chosen.sort((one, other) => one.raDeg - other.raDeg || one.id - other.id);
}

function skyGrid(): Field[] {
  const fields: Field[] = [];
  for (let decDeg = SOUTHERN_LIMIT_DEG; decDeg <= NORTHERN_LIMIT_DEG; decDeg += FIELD_DEG) {
    const inRing = Math.ceil((360 * Math.cos(decDeg * DEG)) / FIELD_DEG);
    for (let i = 0; i < inRing; i++) {
      fields.push({ id: FIRST_FIELD_ID + fields.length, raDeg: (360 * i) / inRing, decDeg });
    }
  }
  return fields;
}

/** Mean longitude of the Sun (Astronomical Almanac, low precision), for its right ascension: a few degrees off at most. */
function sunRightAscensionDeg(jd: number): number {
  return (((280.46 + 0.9856474 * (jd - 2451545)) % 360) + 360) % 360;
}

/** The place in a field that three uniform numbers choose. */
export function placeInField(field: Field, [u, v, w]: readonly [number, number, number]): Placement {
  const rcid = Math.floor(u * 64);
  const xpos = EDGE_PX + v * (QUADRANT_PX[0] - 2 * EDGE_PX);
  const ypos = EDGE_PX + w * (QUADRANT_PX[1] - 2 * EDGE_PX);
  // 16 CCDs in four rows of four, each of two by two quadrants.
  const ccd = Math.floor(rcid / 4);
  const column = 2 * (ccd % 4) + (rcid % 2);
  const row = 2 * Math.floor(ccd / 4) + Math.floor((rcid % 4) / 2);
  const eastDeg = (((column - 4) * QUADRANT_PX[0] + xpos) * PIXEL_ARCSEC) / 3600;
  const northDeg = (((row - 4) * QUADRANT_PX[1] + ypos) * PIXEL_ARCSEC) / 3600;
  const decDeg = field.decDeg + northDeg;
  const raDeg = (((field.raDeg + eastDeg / Math.cos(decDeg * DEG)) % 360) + 360) % 360;
  return { rcid, xpos, ypos, raDeg, decDeg };
}

/** Distance of a pixel position to the nearest edge of its quadrant (pixels). */
export function distanceToEdgePx(xpos: number, ypos: number): number {
  return Math.min(xpos, QUADRANT_PX[0] - xpos, ypos, QUADRANT_PX[1] - ypos);
}
