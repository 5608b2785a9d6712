import type { Datapoint } from '../model/datapoint.js';
import { lightCurveSvg, type LightCurve } from '../plots/light-curve.js';
import { svgToPng } from '../plots/png.js';

const ROUNDS = 30;
/** As a bright supernova has after two months. */
const POINTS = 60;
const LAST_JD = 2_461_000.5;

export interface PlotResult {
  readonly points: number;
  /** The first picture of a process (ms): libraries and font are loaded for it. */
  readonly firstMs: number;
  /** Median and longest of the next ones (ms), to the bytes of the PNG. */
  readonly medianMs: number;
  readonly longestMs: number;
  /** Median of the SVG alone (ms), and of a whole picture in CPU time of this process: what a busy machine does not change. */
  readonly svgMedianMs: number;
  readonly cpuMedianMs: number;
  readonly pngBytes: number;
}

/** A light curve as PNG: what a message to a channel's people waits for. Wanted: 150 ms after the first. */
export async function plot(report: (line: string) => void): Promise<PlotResult> {
  const curve = supernova();
  const [first, png] = await timeOf(async () => svgToPng(await lightCurveSvg(curve)));
  report(`first: ${first} ms`);
  const whole: number[] = [];
  const svgs: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const [svgMs, svg] = await timeOf(() => lightCurveSvg(curve));
    const [pngMs] = await timeOf(() => svgToPng(svg));
    svgs.push(svgMs);
    whole.push(svgMs + pngMs);
    const { user, system } = process.cpuUsage(before);
    cpu.push(Math.round((user + system) / 1000));
  }
  const [medianMs, longestMs] = [median(whole), Math.max(...whole)];
  report(`then: ${medianMs} ms`);
  return {
    ...{ points: curve.datapoints.length, firstMs: first, medianMs, longestMs },
    ...{ svgMedianMs: median(svgs), cpuMedianMs: median(cpu), pngBytes: png.length },
  };
}

async function timeOf<Result>(work: () => Promise<Result>): Promise<[ms: number, result: Result]> {
  const start = performance.now();
  const result = await work();
  return [Math.round(performance.now() - start), result];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Two bands with error bars, after some limits. */
function supernova(): LightCurve {
  const datapoints = Array.from({ length: POINTS }, (_, i): Datapoint => {
    const isLimit = i < POINTS / 5;
    const band = i % 2 === 0 ? 'g' : 'r';
    return {
      id: String(i),
      kind: isLimit ? 'upperLimit' : 'detection',
      jd: LAST_JD - (POINTS - i),
      band,
      tags: ['ZTF', 'ZTF_PUB'],
      body: isLimit ? { diffmaglim: 20.5 } : { magpsf: 17 + ((i - 30) / 15) ** 2, sigmapsf: 0.1, isdiffpos: 't' },
    };
  });
  return { name: 'ZTF18abxhyqv', datapoints };
}
