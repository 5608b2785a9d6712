import { gzipSync } from 'node:zlib';
import { candidOf, pidOf } from './identifiers.js';
import { measure, ofQuadrant } from './measurement.js';
import { encodeCutouts } from './packet-encoding.js';
import { normal, PURPOSE, streamOf } from './random-stream.js';
import type { Trigger } from './candidate-fields.js';

/** ZTF's stamps: 63 × 63 pixels of 1 arcsec with the candidate in the middle. */
const SIDE_PX = 63;
const FITS_BLOCK_BYTES = 2880;
const SIGMA_PER_FWHM = 1 / 2.3548;

/** The three stamps of an alert, encoded: science is template plus difference, each a gzipped FITS image of 32-bit floats. */
export function cutoutsOf(seed: number, { source, exposure }: Trigger): Buffer {
  const { rcid } = source.place;
  const { flux } = measure(seed, source, exposure);
  const candid = candidOf(exposure, rcid, flux > 0, source.row);
  const noise = ofQuadrant(exposure.skyNoise, rcid) / 4;
  const stream = streamOf(seed, PURPOSE.cutout, exposure.id, source.row, rcid);
  const noisy = (level: number): Float32Array =>
    Float32Array.from({ length: SIDE_PX ** 2 }, () => normal(stream, 0, level));
  const template = noisy(noise / 4);
  const { distArcsec, angleRad } = source.surroundings().nearest;
  addImage(template, source.referenceFlux, 2.2, [distArcsec * Math.sin(angleRad), distArcsec * Math.cos(angleRad)]);
  const difference = noisy(noise);
  // A flaw of the camera is sharper than any star.
  addImage(difference, flux, source.kind === 'bogus' ? 0.5 : exposure.seeingArcsec, [0, 0]);
  const science = template.map((value, i) => value + (difference[i] ?? 0));
  const image = `candid${candid}_pid${pidOf(exposure, rcid)}_targ`;
  // ZTF shows the difference with the candidate positive.
  const sign = flux > 0 ? 1 : -1;
  return encodeCutouts({
    cutoutScience: { fileName: `${image}_sci.fits.gz`, stampData: gzippedFits(science) },
    cutoutTemplate: { fileName: `candid${candid}_ref.fits.gz`, stampData: gzippedFits(template) },
    cutoutDifference: {
      fileName: `${image}_${flux > 0 ? 'scimref' : 'refmsci'}.fits.gz`,
      stampData: gzippedFits(difference.map((value) => sign * value)),
    },
  });
}

/** Adds a round Gaussian image of this flux; the offset from the middle is in pixels. */
function addImage(pixels: Float32Array, flux: number, fwhmPx: number, [x, y]: readonly [number, number]): void {
  const variance = (fwhmPx * SIGMA_PER_FWHM) ** 2;
  const peak = flux / (2 * Math.PI * variance);
  const middle = (SIDE_PX - 1) / 2;
  for (let i = 0; i < pixels.length; i++) {
    const dx = (i % SIDE_PX) - middle - x;
    const dy = Math.floor(i / SIDE_PX) - middle - y;
    pixels[i] = (pixels[i] ?? 0) + peak * Math.exp(-(dx ** 2 + dy ** 2) / (2 * variance));
  }
}

/** FITS standard 4.0: header cards of 80 characters, data big-endian, both padded to blocks of 2880 bytes. */
function gzippedFits(pixels: Float32Array): Buffer {
  const cards: [string, string][] = [
    ['SIMPLE', 'T'],
    ['BITPIX', '-32'],
    ['NAXIS', '2'],
    ['NAXIS1', String(SIDE_PX)],
    ['NAXIS2', String(SIDE_PX)],
  ];
  const header = [...cards.map(([key, value]) => `${key.padEnd(8)}= ${value.padStart(20)}`), 'END'];
  const data = Buffer.alloc(padded(4 * pixels.length));
  pixels.forEach((value, i) => data.writeFloatBE(value, 4 * i));
  const text = header.map((card) => card.padEnd(80)).join('');
  return gzipSync(Buffer.concat([Buffer.from(text.padEnd(padded(text.length)), 'latin1'), data]), { level: 1 });
}

function padded(bytes: number): number {
  return Math.ceil(bytes / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES;
}
