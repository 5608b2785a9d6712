import { jdOfUnixMs } from '../../model/julian-date.js';

/** ZTF counts its nights from this one. */
const FIRST_NIGHT_JD = jdOfUnixMs(Date.UTC(2017, 0, 1));
/** Night, five digits of the day's fraction, then ten of readout channel, sign and row. */
const CANDID = /^(\d{3,4})(\d{5})\d{10}$/;

/**
 * When a ZTF alert was observed, read from its candid: Julian date cut to 1e-5 days, so up to a second early.
 * Undefined for what is no candid.
 */
export function jdOfCandid(candid: string): number | undefined {
  const [, night, fraction] = CANDID.exec(candid) ?? [];
  if (night === undefined || fraction === undefined) return undefined;
  return FIRST_NIGHT_JD + Number(`${night}.${fraction}`);
}
