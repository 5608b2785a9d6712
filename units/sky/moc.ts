import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as library from '@fxpineau/moc-wasm/moc_bg.js';
import type { SkyPosition } from '../../model/sky-separation.js';

/** What makes a file no map of a region. */
export class BadMoc extends Error {
  override readonly name = 'BadMoc';
}

/** A region of the sky as a HEALPix multi-order coverage map. */
export interface SkyRegion {
  /** Order of its smallest cells, 0 to 29. */
  readonly order: number;
  /** Part of the whole sky. */
  readonly fraction: number;
  has(position: SkyPosition): boolean;
}

const FITS_MAGIC = 'SIMPLE  =';
const GZIP_MAGIC = 0x1f8b;

let isReady = false;

/** Reads a space MOC (IVOA MOC 1.1 and 2.0) from FITS. Throws `BadMoc` with what was found instead. */
export function readMoc(bytes: Uint8Array): SkyRegion {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length > 1 && buffer.readUInt16BE(0) === GZIP_MAGIC)
    throw new BadMoc('is packed with gzip: unpack it first');
  if (buffer.toString('latin1', 0, FITS_MAGIC.length) !== FITS_MAGIC) throw new BadMoc('is no FITS file');
  checkHeader(buffer);
  load();
  let moc: library.MOC;
  try {
    moc = library.MOC.fromFits(bytes);
  } catch (error) {
    // The library throws text.
    throw new BadMoc(`is no MOC of space: ${error instanceof Error ? error.message : String(error)}`);
  }
  const fraction = moc.coveragePercentage() / 100;
  if (fraction === 0) throw new BadMoc('covers nothing');
  return {
    order: moc.getDepth(),
    fraction,
    has: ({ ra, dec }) => moc.filterCoos(Float64Array.of(ra, dec))[0] === 1,
  };
}

/** What other FITS files with HEALPix in them are, so that the message says it. */
function checkHeader(buffer: Buffer): void {
  const header = buffer.toString('latin1', 0, Math.min(buffer.length, 40 * 2880));
  const valueOf = (key: string): string | undefined => new RegExp(`${key.padEnd(8)}= *'? *([^'/ ]+)`).exec(header)?.[1];
  const dimension = valueOf('MOCDIM');
  if (dimension !== undefined && dimension !== 'SPACE')
    throw new BadMoc(`is a MOC of ${dimension.toLowerCase()}, expected space`);
  const system = valueOf('COORDSYS');
  if (system !== undefined && system !== 'C')
    throw new BadMoc(`has coordinates of system ${system}, expected C (ICRS)`);
  const order = Number(valueOf('MOCORD_S') ?? valueOf('MOCORDER'));
  if (order < 0 || order > 29) throw new BadMoc(`has order ${order}, expected 0 to 29`);
}

/** The package is made for bundlers; in Node its two halves are put together by hand, once. */
function load(): void {
  if (isReady) return;
  const wasm = readFileSync(createRequire(import.meta.url).resolve('@fxpineau/moc-wasm/moc_bg.wasm'));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { './moc_bg.js': library });
  library.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  isReady = true;
}
