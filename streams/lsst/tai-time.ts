/** Julian date of MJD 0. */
const MJD_EPOCH_JD = 2_400_000.5;
const DAY_S = 86_400;

/**
 * TAI - UTC in seconds, from the UTC day (MJD) on that it holds: IERS Bulletin C, as the IERS file Leap_Second.dat lists
 * it since 1990. No leap second is announced after 2017.
 */
const TAI_MINUS_UTC: readonly (readonly [fromMjd: number, seconds: number])[] = [
  ...([
    [57754, 37],
    [57204, 36],
    [56109, 35],
    [54832, 34],
    [53736, 33],
    [51179, 32],
    [50630, 31],
  ] as const),
  ...([
    [50083, 30],
    [49534, 29],
    [49169, 28],
    [48804, 27],
    [48257, 26],
  ] as const),
];
/** From 1990 on. */
const FIRST_SECONDS = 25;

/**
 * Julian date (UTC, days) of a modified Julian date in atomic time (TAI, days), which LSST's clocks keep: 37 s less since
 * 2017. For 1990 and later. As in Unix time a leap second has the same date as the second after it; astropy stretches the
 * day before instead, and differs by less than a second on it.
 */
export function jdOfMjdTai(mjdTai: number): number {
  const seconds = TAI_MINUS_UTC.find(([fromMjd, offset]) => mjdTai - offset / DAY_S >= fromMjd)?.[1] ?? FIRST_SECONDS;
  return mjdTai - seconds / DAY_S + MJD_EPOCH_JD;
}
