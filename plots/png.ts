import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

export interface PngOptions {
  /** Pixels of the picture for one of the SVG; default `PNG_ZOOM`. */
  readonly zoom?: number;
}

/** Sharp text on any screen; more takes longer. */
export const PNG_ZOOM = 1.5;
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
const { resolve } = createRequire(import.meta.url);

let fonts: Promise<Uint8Array[]> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Draws an SVG picture as PNG on white, one picture at a time: each takes some megabytes outside of JavaScript's memory.
 * Text is in DejaVu Sans, which comes along: without a font the renderer leaves text out and says nothing.
 */
export function svgToPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  const drawn = last.then(() => draw(svg, options));
  // The next picture comes whether this one failed or not.
  last = drawn.catch(() => undefined).then(() => nextTurn());
  return drawn;
}

async function draw(svg: string, { zoom = PNG_ZOOM }: PngOptions): Promise<Uint8Array> {
  const fontBuffers = await (fonts ??= loadRenderer());
  const renderer = new Resvg(svg, {
    ...{ background: 'white', fitTo: { mode: 'zoom', value: zoom } },
    font: { fontBuffers, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  try {
    const image = renderer.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    renderer.free();
  }
}

/** Once in a process: the module refuses a second time. */
async function loadRenderer(): Promise<Uint8Array[]> {
  const [wasm, ...files] = await Promise.all(
    [
      resolve('@resvg/resvg-wasm/index_bg.wasm'),
      ...FONT_FILES.map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}`)),
    ].map((path) => readFile(path)),
  );
  if (wasm !== undefined) await initWasm(wasm);
  return files;
}
