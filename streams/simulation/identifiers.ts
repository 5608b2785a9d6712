import { nightOfJd } from '../../model/julian-date.js';

/** What identifies an exposure: night id, UT date, digits of the day's fraction, band and field. */
interface Identity {
  readonly nid: number;
  readonly date: string;
  readonly fraction: string;
  readonly band: string;
  readonly field: { readonly id: number };
}

/** ZTF's processing id of a quadrant: night, five digits of the day's fraction, readout channel, 15. */
export function pidOf({ nid, fraction }: Identity, rcid: number): number {
  return Number(`${nid}${fraction.slice(0, 5)}${twoDigits(rcid)}15`);
}

/** Decimal digits of a candid: processing id, then six digits that tell the sign of the difference and the row. */
export function candidOf(exposure: Identity, rcid: number, isPositive: boolean, row: number): string {
  const suffix = (isPositive ? 15_000 : 10_000) + row;
  return `${pidOf(exposure, rcid)}0${suffix}`;
}

/** UT date of an exposure, YYYYMMDD. */
export function dateOf(jd: number): string {
  return nightOfJd(jd).replaceAll('-', '');
}

/** Name of the difference image of a quadrant: as in `candidate`, or, with its folder, as in the history. */
export function imageName({ date, fraction, band, field }: Identity, rcid: number): string {
  const ccd = twoDigits(Math.floor(rcid / 4) + 1);
  const fieldId = String(field.id).padStart(6, '0');
  return `ztf_${date}${fraction}_${fieldId}_z${band}_c${ccd}_o_q${(rcid % 4) + 1}_scimrefdiffimg.fits`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
