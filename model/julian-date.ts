/** Julian date of 1970-01-01T00:00:00Z. */
const UNIX_EPOCH_JD = 2440587.5;
const DAY_MS = 86_400_000;

/** Julian date (UTC, days) of a time in ms since 1970. */
export function jdOfUnixMs(unixMs: number): number {
  return unixMs / DAY_MS + UNIX_EPOCH_JD;
}

/** Milliseconds since 1970 of a Julian date (UTC), to the nearest millisecond. */
export function unixMsOfJd(jd: number): number {
  return Math.round((jd - UNIX_EPOCH_JD) * DAY_MS);
}

/** The observing night as `YYYY-MM-DD`: the UTC date. A night at Palomar, 2 to 14 h UT, lies inside one. */
export function nightOfJd(jd: number): string {
  return new Date(unixMsOfJd(jd)).toISOString().slice(0, 10);
}
