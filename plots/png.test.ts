import { Resvg } from '@resvg/resvg-wasm';
import { pngPixels, type PngPixels } from '../test/png-pixels.js';
import { svgToPng } from './png.js';
import { lightCurveSvg } from './light-curve.js';

const TEXT = svg('<text x="10" y="30" font-size="24" font-family="DejaVu Sans, sans-serif">Word</text>');

function svg(inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40">${inside}</svg>`;
}

function darkPixels({ width, height, at }: PngPixels): number {
  let count = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if ((at(x, y)[0] ?? 255) < 128) count++;
  return count;
}

describe('SVG as PNG', () => {
  it('is on white, in the size asked for', async () => {
    const pixels = pngPixels(await svgToPng(svg(''), { zoom: 2 }));
    expect([pixels.width, pixels.height, ...pixels.at(0, 0)]).toEqual([200, 80, 255, 255, 255, 255]);
    expect(pngPixels(await svgToPng(svg('')))).toMatchObject({ width: 150, height: 60 });
  });

  it('has its text, in normal and bold, which the renderer without our font leaves out', async () => {
    const normal = darkPixels(pngPixels(await svgToPng(TEXT)));
    const bold = darkPixels(pngPixels(await svgToPng(TEXT.replace('<text', '<text font-weight="bold"'))));
    expect(normal).toBeGreaterThan(200);
    expect(bold).toBeGreaterThan(1.2 * normal);
    const bare = new Resvg(TEXT, { background: 'white' });
    expect(darkPixels(pngPixels(bare.render().asPng()))).toBe(0);
  });

  it('has the text of a light curve', async () => {
    const empty = await lightCurveSvg({ name: 'ZTF18abxhyqv', datapoints: [] });
    const nameless = await lightCurveSvg({ name: ' ', datapoints: [] });
    const [named, without] = await Promise.all([svgToPng(empty), svgToPng(nameless)]);
    expect(darkPixels(pngPixels(named))).toBeGreaterThan(darkPixels(pngPixels(without)) + 200);
  });

  it('comes one after the other, also after one that cannot be drawn', async () => {
    const pictures = [svgToPng(TEXT), svgToPng('no picture'), svgToPng(TEXT)];
    const [first, bad, second] = await Promise.allSettled(pictures);
    expect(bad?.status).toBe('rejected');
    expect(first).toEqual(second);
    expect(first?.status).toBe('fulfilled');
  });
});
