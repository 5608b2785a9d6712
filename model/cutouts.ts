/** The three image stamps of an alert: the exposure, what it is compared with, and their difference. */
export const CUTOUT_NAMES = ['science', 'template', 'difference'] as const;

export type CutoutName = (typeof CUTOUT_NAMES)[number];

/** Stamps as the packet holds them: FITS, of some surveys packed with gzip. What the packet lacks is left out. */
export type Cutouts = Readonly<Partial<Record<CutoutName, Uint8Array>>>;
