const LIGHT_KM_S = 299_792.458;
/** Of Simpson's rule: the error is below 1e-8 up to redshift 10. */
const INTERVALS = 512;

export interface FlatCosmology {
  /** Hubble's constant, km/s/Mpc. */
  readonly h0: number;
  /** Density of matter today, in units of the critical one. */
  readonly om0: number;
}

/**
 * Distance modulus (mag) in a flat universe of matter and a cosmological constant: 5 log10(d_L / 10 pc), d_L = (1 + z) c/H0 ∫dz/E(z)
 * (Hogg 1999, astro-ph/9905116). Throws `RangeError` for z that is not above 0.
 */
export function distanceModulus(z: number, { h0, om0 }: FlatCosmology): number {
  if (!(z > 0) || !Number.isFinite(z)) throw new RangeError(`redshift ${z}, expected above 0`);
  const inverseE = (at: number): number => 1 / Math.sqrt(om0 * (1 + at) ** 3 + 1 - om0);
  const width = z / INTERVALS;
  let sum = inverseE(0) + inverseE(z);
  for (let i = 1; i < INTERVALS; i++) sum += (i % 2 === 1 ? 4 : 2) * inverseE(i * width);
  const distanceMpc = ((1 + z) * LIGHT_KM_S * sum * width) / (3 * h0);
  return 5 * Math.log10(distanceMpc) + 25;
}
