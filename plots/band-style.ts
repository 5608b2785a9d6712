/**
 * Colours of bands on white: Rubin Observatory's choice for eyes that do not tell red from green (RTN-045). They differ in
 * lightness, too. Bands of other surveys that mean the same have the same colour.
 */
const COLOURS: Readonly<Record<string, string>> = {
  u: '#0c71ff',
  g: '#49be61',
  r: '#c61c00',
  i: '#ffc200',
  z: '#f341a2',
  y: '#5d0000',
};
/** Bands without a colour of their own share these. */
const OTHERS = ['#8f8f8f', '#00868b', '#8a5bd6', '#000000'];

const ORDER = Object.keys(COLOURS);

/** Bands from blue to red, others after them by name; each once. */
export function orderedBands(bands: Iterable<string>): string[] {
  const place = (band: string): number => (ORDER.includes(band) ? ORDER.indexOf(band) : ORDER.length);
  return [...new Set(bands)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** A colour for each of some bands, in their order. */
export function bandColours(bands: readonly string[]): string[] {
  const unknown = bands.filter((band) => !Object.hasOwn(COLOURS, band));
  return bands.map((band) => COLOURS[band] ?? OTHERS[unknown.indexOf(band) % OTHERS.length] ?? '');
}
