const DEG = Math.PI / 180;
/**
 * Direction of the north galactic pole in ICRS: the third row of the rotation from ICRS to galactic coordinates that
 * astropy 8.0.2 uses (pole of Blaauw et al. 1960 carried to J2000 by way of FK5).
 */
const POLE = [-0.8676661375596587, -0.19807633727300075, 0.4559838136873016] as const;

/** Galactic latitude of an ICRS position, all in degrees. */
export function galacticLatitudeDeg(raDeg: number, decDeg: number): number {
  const cosDec = Math.cos(decDeg * DEG);
  const sinB =
    POLE[0] * cosDec * Math.cos(raDeg * DEG) +
    POLE[1] * cosDec * Math.sin(raDeg * DEG) +
    POLE[2] * Math.sin(decDeg * DEG);
  return Math.asin(Math.min(1, Math.max(-1, sinB))) / DEG;
}
