/**
 * A number in the name of an output, as the light-curve package writes it: without decimals, a half to the even neighbour,
 * from single precision. So `inter_percentile_range_12` is the range of the quantile 0.125.
 */
export function inName(value: number): string {
  const single = Math.fround(value);
  const below = Math.floor(single);
  const isHalf = single - below === 0.5;
  return String(isHalf ? below + (below % 2) : Math.round(single));
}

/** A share in per cent. */
export function percentInName(share: number): string {
  return inName(100 * Math.fround(share));
}
