import { CUTOUT_NAMES, type CutoutName, type Cutouts } from '../model/cutouts.js';
import { BadFits, readFitsImage, type FitsImage } from './fits-image.js';
import { greyPng } from './grey-png.js';
import { FONT, TEXT_COLOUR } from './picture-style.js';
import { svgText } from './svg-text.js';
import { greyOf, percentileStretch } from './stretch.js';

export interface CutoutPicture {
  readonly title: string;
  readonly cutouts: Cutouts;
}

/** Where a stamp is drawn (px): a square, its name above, what it shows below. */
const SIDE = 252;
const GAP = 18;
const PADDING = 16;
const TOP = 82;
/** Under a stamp: where pixels have no value. */
const NO_VALUE_COLOUR = '#ffd9e6';

/**
 * Science, template and difference stamp of an alert side by side, each stretched between percentiles of its own values.
 * Pixels stand as in the FITS file, the first one lowest and left: where north is the stamps of ZTF do not say, and it is
 * not marked. Throws `BadFits` that begins with the stamp's name.
 */
export function cutoutsSvg({ title, cutouts }: CutoutPicture): string {
  const images = CUTOUT_NAMES.map((name) => [name, imageOf(name, cutouts)] as const);
  const width = 2 * PADDING + 3 * SIDE + 2 * GAP;
  const height = TOP + SIDE + 62;
  const hasGaps = images.some(([, image]) => image?.values.some(Number.isNaN));
  const note = `Pixels as in the FITS file, the first one lower left; north is not marked${hasGaps ? '; pink: no value' : ''}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="${FONT}" font-size="12" fill="${TEXT_COLOUR}"><rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${PADDING}" y="34" font-size="18" font-weight="bold" fill="black">${svgText(title)}</text>`,
    ...images.map(([name, image], index) => panel(name, image, PADDING + index * (SIDE + GAP))),
    `<text x="${PADDING}" y="${height - PADDING}">${note}</text></svg>`,
  ].join('');
}

function imageOf(name: CutoutName, cutouts: Cutouts): FitsImage | undefined {
  const bytes = cutouts[name];
  if (bytes === undefined) return undefined;
  try {
    return readFitsImage(bytes);
  } catch (error) {
    if (error instanceof BadFits) throw new BadFits(`${name} stamp: ${error.message}`);
    throw error;
  }
}

function panel(name: CutoutName, image: FitsImage | undefined, left: number): string {
  const frame = `x="${left}" y="${TOP}" width="${SIDE}" height="${SIDE}"`;
  const stretch = image && percentileStretch(image.values);
  const label = `<text x="${left}" y="${TOP - 10}" font-size="14">${name}</text>`;
  if (image === undefined || stretch === undefined) {
    const reason = image === undefined ? 'not in the alert' : 'no pixel has a value';
    const middle = `x="${left + SIDE / 2}" y="${TOP + SIDE / 2}" text-anchor="middle" fill="#777"`;
    return `${label}<rect ${frame} fill="none" stroke="#bbb"/><text ${middle}>${reason}</text>`;
  }
  const { width, height, values, unit } = image;
  const scale = SIDE / Math.max(width, height);
  const png = greyPng(width, height, (x, y) => {
    const value = values[(height - 1 - y) * width + x];
    return value === undefined || Number.isNaN(value) ? undefined : greyOf(value, stretch);
  });
  const place = `x="${left}" y="${TOP}" width="${width * scale}" height="${height * scale}"`;
  const shown = `${valueText(stretch.black)} to ${valueText(stretch.white)}${unit === undefined ? '' : ` ${unit}`}`;
  return [
    `${label}<rect ${place} fill="${NO_VALUE_COLOUR}"/>`,
    `<image ${place} preserveAspectRatio="none" image-rendering="optimizeSpeed"`,
    ` href="data:image/png;base64,${png.toString('base64')}"/>`,
    `<text x="${left}" y="${TOP + SIDE + 18}">${svgText(`${width} x ${height} pixels, ${shown}`)}</text>`,
  ].join('');
}

/** Three digits: what the eye can tell of greys. */
function valueText(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−');
}
