/** A false alarm rate is no less than nought, and none is above one in a nanosecond. */
export const FAR_BOUNDS_HZ = [0, 1e9] as const;
