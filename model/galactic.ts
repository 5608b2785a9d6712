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

/** The other two rows of that rotation: towards the galactic centre, and towards longitude 90. */
const CENTRE = [-0.05487565771259163, -0.8734370519556159, -0.48383507361671546] as const;
const ROTATION = [0.4941094371927268, -0.4448297212232952, 0.7469821839866676] as const;

/** Galactic coordinates of an ICRS position, all in degrees; longitude from 0 to 360. */
export function galacticOf(raDeg: number, decDeg: number): { readonly l: number; readonly b: number } {
  const cosDec = Math.cos(decDeg * DEG);
  const vector = [cosDec * Math.cos(raDeg * DEG), cosDec * Math.sin(raDeg * DEG), Math.sin(decDeg * DEG)] as const;
  const along = (row: readonly [number, number, number]): number =>
    row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2];
  const l = Math.atan2(along(ROTATION), along(CENTRE)) / DEG;
  return { l: l < 0 ? l + 360 : l, b: galacticLatitudeDeg(raDeg, decDeg) };
}
