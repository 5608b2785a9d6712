/** Right ascension and declination (degrees) as `01:26:33.588 +31:36:58.92`: hours to a millisecond, degrees to 0.01 arcsec. */
export function sexagesimal({ ra, dec }: { readonly ra: number; readonly dec: number }): string {
  // Rounded first: 59.9999 s would else become 60 s.
  const hours = Math.round((((ra % 360) + 360) % 360) * 240_000) % (DAY_SECONDS * 1000);
  const degrees = Math.round(Math.abs(dec) * 360_000);
  const sign = dec < 0 && degrees > 0 ? '-' : '+';
  return `${parts(hours, 3)} ${sign}${parts(degrees, 2)}`;
}

const DAY_SECONDS = 86_400;

function parts(units: number, decimals: number): string {
  const perSecond = 10 ** decimals;
  const seconds = Math.floor(units / perSecond);
  const fraction = String(units % perSecond).padStart(decimals, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hours ?? ''}:${minutes ?? ''}:${rest ?? ''}.${fraction}`;
}
