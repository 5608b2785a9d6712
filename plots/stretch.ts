/** From which value, black, to which, white. */
export interface Stretch {
  readonly black: number;
  readonly white: number;
}

/** Shares of the pixels that are black and white: a bright source does not hide what is faint beside it. */
const BLACK_SHARE = 0.01;
const WHITE_SHARE = 0.995;

/** The stretch of an image between two percentiles of its values; undefined where it has none. */
export function percentileStretch(values: Float64Array): Stretch | undefined {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const black = sorted[Math.floor(BLACK_SHARE * (sorted.length - 1))];
  const white = sorted[Math.ceil(WHITE_SHARE * (sorted.length - 1))];
  return black === undefined || white === undefined ? undefined : { black, white };
}

/** Grey of a value, 0 to 255; of an image of one value only, the middle. */
export function greyOf(value: number, { black, white }: Stretch): number {
  if (white === black) return 128;
  return Math.round(255 * Math.min(1, Math.max(0, (value - black) / (white - black))));
}
