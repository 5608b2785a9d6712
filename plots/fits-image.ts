import { gunzipSync } from 'node:zlib';
import { Header, Image } from 'fitsjs-ng';

/** Why a stamp is no image: what was found, where, and what was expected. */
export class BadFits extends Error {
  override readonly name = 'BadFits';
}

export interface FitsImage {
  readonly width: number;
  readonly height: number;
  /** Row by row, the first one lowest, as FITS has it; NaN where there is no value. */
  readonly values: Float64Array;
  /** Unit of the values, where the header says it: `nJy`, `DN`. */
  readonly unit?: string;
}

const GZIP_MAGIC = 0x1f8b;
const JPEG_MAGIC = 0xffd8;
/** A stamp has 20 kB; what is much more is a mistake or an attack. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_PIXELS_A_SIDE = 1024;
/** FITS comes in blocks; a header card is a line of text. */
const BLOCK_BYTES = 2880;
const CARD_BYTES = 80;
const MOST_HEADER_BLOCKS = 20;
const SIGNATURE = 'SIMPLE  =';
const END_CARD = 'END'.padEnd(CARD_BYTES);

/** Reads the primary image of a FITS file, plain or packed with gzip. Throws `BadFits`. */
export function readFitsImage(bytes: Uint8Array): FitsImage {
  const file = unpacked(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const dataStart = endOfHeader(file);
  const header = parseHeader(file.toString('latin1', 0, dataStart));
  const axes = numberOf(header, 'NAXIS');
  if (axes !== 2) throw new BadFits(`NAXIS is ${axes}, expected 2: an image`);
  const [width, height] = [sideOf(header, 'NAXIS1'), sideOf(header, 'NAXIS2')];
  const bitsAPixel = numberOf(header, 'BITPIX');
  const size = (width * height * Math.abs(bitsAPixel)) / 8;
  if (dataStart + size > file.length) {
    const expected = `${width} x ${height} pixels of ${Math.abs(bitsAPixel)} bits end at byte ${dataStart + size}`;
    throw new BadFits(`the file ends at byte ${file.length}, its ${expected}`);
  }
  const [zero, scale] = [header.getNumber('BZERO', 0), header.getNumber('BSCALE', 1)];
  // Of the library only what reads one header and one array: its reader of files goes on where damaged headers lead it.
  const data = Uint8Array.from(file.subarray(dataStart, dataStart + size)).buffer;
  const values = Float64Array.from(Image.computeFrame(data, bitsAPixel, zero, scale), Number);
  const blank = bitsAPixel > 0 && header.contains('BLANK') ? zero + scale * header.getNumber('BLANK') : undefined;
  const unit = unitOf(header);
  return {
    ...{ width, height, ...(unit !== undefined && { unit }) },
    values: values.map((value) => (Number.isFinite(value) && value !== blank ? value : NaN)),
  };
}

function unpacked(bytes: Buffer): Buffer {
  const magic = bytes.length > 1 ? bytes.readUInt16BE(0) : 0;
  if (magic === JPEG_MAGIC) throw new BadFits('is a JPEG picture, as in the first alerts of ZTF, expected FITS');
  if (magic !== GZIP_MAGIC) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new BadFits(`unpacks to more than ${MOST_BYTES} bytes`);
    throw new BadFits(`its ${bytes.length} bytes of gzip cannot be unpacked: ${message}`);
  }
}

/** The first byte after the header. */
function endOfHeader(file: Buffer): number {
  if (file.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE) {
    const start = file.toString('latin1', 0, 8).replace(/[^ -~]/g, '?');
    throw new BadFits(`starts with "${start}", expected "${SIGNATURE}"`);
  }
  const most = Math.min(file.length, MOST_HEADER_BLOCKS * BLOCK_BYTES);
  for (let at = 0; at + CARD_BYTES <= most; at += CARD_BYTES) {
    if (file.toString('latin1', at, at + CARD_BYTES) === END_CARD)
      return Math.ceil((at + CARD_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  }
  throw new BadFits(`its header has no END in the first ${most} bytes`);
}

function parseHeader(text: string): Header {
  try {
    return new Header(text, text.length / CARD_BYTES, () => undefined);
  } catch (error) {
    throw new BadFits(`its header is wrong: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function numberOf(header: Header, key: string): number {
  const value = header.get(key);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new BadFits(`${key} is ${value === null ? 'missing' : String(value)}, expected a number`);
}

function sideOf(header: Header, key: string): number {
  const value = numberOf(header, key);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_PIXELS_A_SIDE) return value;
  throw new BadFits(`${key} is ${value}, expected 1 to ${MOST_PIXELS_A_SIDE} pixels`);
}

function unitOf(header: Header): string | undefined {
  const unit = header.get('BUNIT');
  return typeof unit === 'string' && /^[ -~]{1,20}$/.test(unit) ? unit : undefined;
}
