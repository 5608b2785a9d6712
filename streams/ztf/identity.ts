/** ZTF's first night, 2017-01-01: AMPEL counts upper limits from here. */
const EPOCH_JD = 2457754.5;

/** Readout channel (CCD quadrant, 0–63) from the processing id: AMPEL strips `rcid` from upper limits and takes it from here. */
export function rcidOfPid(pid: string | number): number {
  return Math.floor((Number(pid) % 10_000) / 100);
}

/**
 * AMPEL's id of an upper limit: negative, from time (µd since 2017), quadrant and limiting magnitude (mmag).
 * It holds no object: one exposure's limit is shared by all objects of the quadrant. `limitMag` in magnitudes.
 */
export function upperLimitId(jd: number, rcid: number, limitMag: number): string {
  const time = BigInt(Math.trunc((EPOCH_JD - jd) * 1e6)) * 10_000_000n;
  return String(time - BigInt(rcid) * 100_000n - BigInt(roundHalfEven(limitMag * 1000)));
}

/** Python's `round`: a half goes to the even neighbour, where Math.round goes up. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

const BANDS: Readonly<Record<number, string>> = { 1: 'g', 2: 'r', 3: 'i' };

/** Band of a ZTF filter id (1 g, 2 r, 3 i). */
export function bandOfFid(fid: number): string | undefined {
  return BANDS[fid];
}

/**
 * AMPEL's tags of a ZTF datapoint, in AMPEL's order: survey, access, band. Programme 1 is public, 2 partnership, all
 * others both. What names no programme is nobody's to publish.
 */
export function ztfTags(programid: number | undefined, band: string): string[] {
  const access = programid === 1 ? ['ZTF_PUB'] : isPrivate(programid) ? ['ZTF_PRIV'] : ['ZTF_PUB', 'ZTF_PRIV'];
  return ['ZTF', ...access, `ZTF_${band.toUpperCase()}`];
}

function isPrivate(programid: number | undefined): boolean {
  return programid === undefined || programid === 2;
}

/** True where a channel with these access tags may see a point with these tags. */
export function maySee(tags: readonly string[], access: readonly string[]): boolean {
  return tags.includes('ZTF_PUB')
    ? access.includes('ZTF_PUB') || (tags.includes('ZTF_PRIV') && access.includes('ZTF_PRIV'))
    : access.includes('ZTF_PRIV');
}
