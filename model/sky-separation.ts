/** An ICRS position, degrees. */
export interface SkyPosition {
  readonly ra: number;
  readonly dec: number;
}

const RAD = Math.PI / 180;

/** Angle between two positions (degrees), exact at all separations: Vincenty's formula on the sphere (1975, Survey Review 23, 88). */
export function angularSeparationDeg(a: SkyPosition, b: SkyPosition): number {
  const [dec1, dec2, dRa] = [a.dec * RAD, b.dec * RAD, (b.ra - a.ra) * RAD];
  const across = Math.cos(dec2) * Math.sin(dRa);
  const along = Math.cos(dec1) * Math.sin(dec2) - Math.sin(dec1) * Math.cos(dec2) * Math.cos(dRa);
  const cosine = Math.sin(dec1) * Math.sin(dec2) + Math.cos(dec1) * Math.cos(dec2) * Math.cos(dRa);
  return Math.atan2(Math.hypot(across, along), cosine) / RAD;
}
