/** Flux of a magnitude with zero point 25, 0 of an infinite one. */
export function fluxOf(mag: number): number {
  return 10 ** (-0.4 * (mag - 25));
}

/** Magnitude of a flux with zero point 25. */
export function magOf(flux: number): number {
  return 25 - 2.5 * Math.log10(flux);
}
