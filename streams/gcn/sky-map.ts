import { createHash } from 'node:crypto';
import type { SkyMapMediaType, SkyMapReference } from '../../model/notice.js';
import { shown } from './fields.js';

/** Decoded bytes of a sky map that came inside a notice. */
export interface EmbeddedSkyMap {
  readonly bytes: Buffer;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly mediaType: SkyMapMediaType;
}

/**
 * A document of the data base has 16 MiB at most, and a map stands there beside its hash and its type. A flat map of order
 * 10 is 100 MB, but brokers carry a few MB at most; multi-order maps have about one.
 */
const MAX_SKY_MAP_BYTES = 16_000_000;

/**
 * The FITS file in a base64 text. What is none costs the map and not the alert: then a warning says why. (Even official
 * examples have placeholders there.)
 */
export function embeddedSkyMap(base64: string, place: string): EmbeddedSkyMap | { readonly warning: string } {
  const digits = base64.replace(/\s+/g, '');
  const refused = (expected: string): { warning: string } => ({
    warning: `${place} is ${shown(base64)} (${base64.length} characters), expected ${expected}: no sky map taken`,
  });
  const tooLarge = `a map of at most ${MAX_SKY_MAP_BYTES} bytes`;
  if (digits.length > Math.ceil(MAX_SKY_MAP_BYTES / 3) * 4) return refused(tooLarge);
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(digits)) return refused('base64');
  const bytes = Buffer.from(digits, 'base64');
  if (bytes.length > MAX_SKY_MAP_BYTES) return refused(tooLarge);
  const mediaType = mediaTypeOf(bytes);
  if (mediaType === undefined) return refused('base64 of a FITS file');
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), mediaType };
}

function mediaTypeOf(bytes: Buffer): SkyMapMediaType | undefined {
  if (bytes.toString('latin1', 0, 9) === 'SIMPLE  =') return 'image/fits';
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? 'application/gzip' : undefined;
}

/** How a notice refers to its map; undefined where it has none. */
export function skyMapReference(url: string | undefined, map: EmbeddedSkyMap | undefined): SkyMapReference | undefined {
  if (url === undefined && map === undefined) return undefined;
  return {
    ...(url === undefined ? {} : { url }),
    ...(map === undefined
      ? {}
      : { embedded: { sha256: map.sha256, sizeBytes: map.bytes.length, mediaType: map.mediaType } }),
  };
}
