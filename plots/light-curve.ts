import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Datapoint } from '../model/datapoint.js';
import { curvePoints, type ModelCurve } from './light-curve-curves.js';
import { lightCurveLayers } from './light-curve-layers.js';
import { plotPoints, type PlotPoint, type PointKind } from './light-curve-points.js';
import { FONT, PLOT_HEIGHT, PLOT_WIDTH, TEXT_COLOUR } from './picture-style.js';
import { printable } from './svg-text.js';

export interface LightCurve {
  /** Name of the object: the title. */
  readonly name: string;
  readonly datapoints: readonly Datapoint[];
  readonly curves?: readonly ModelCurve[];
  /** Ids of the datapoints that a decision used: they are ringed. */
  readonly used?: readonly string[];
}

/** The light curve as an SVG picture. */
export async function lightCurveSvg(curve: LightCurve): Promise<string> {
  const view = new View(parse(compile(lightCurveSpec(curve)).spec), { renderer: 'none' });
  try {
    return renumbered(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Vega counts clip paths through the life of a process: the same curve would never give the same bytes. */
function renumbered(svg: string): string {
  const ids = new Map<string, number>();
  return svg.replace(/(url\(#|id=")clip(\d+)/g, (_, before: string, id: string) => {
    if (!ids.has(id)) ids.set(id, ids.size);
    return `${before}clip${ids.get(id) ?? 0}`;
  });
}

/**
 * The light curve as a Vega-Lite spec with its data in it: AB magnitudes of the difference, bright ones above, over time.
 * Bands differ by colour, surveys by shape; what is no detection is open, a limit points down.
 */
export function lightCurveSpec({ name, datapoints, curves = [], used = [] }: LightCurve): TopLevelSpec {
  const { points, notShown } = plotPoints(datapoints);
  const lines = curvePoints(curves);
  const ids = new Set(used);
  const ringed = points.filter(({ id }) => ids.has(id));
  const notes = [...counts(points, notShown), ...(ringed.length > 0 ? ['ringed: used by the decision'] : [])];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...{ width: PLOT_WIDTH, height: PLOT_HEIGHT, background: 'white', padding: 16 },
    title: { text: printable(name), subtitle: wrapped(notes), anchor: 'start', offset: 12 },
    ...(points.length + lines.length === 0 ? NO_DATA : lightCurveLayers({ points, curves: lines, ringed })),
    config: CONFIG,
  };
}

const CONFIG: TopLevelSpec['config'] = {
  font: FONT,
  title: { fontSize: 18, subtitleFontSize: 12, subtitleColor: TEXT_COLOUR, subtitlePadding: 5 },
  axis: {
    ...{ labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal', titlePadding: 10 },
    ...{ gridColor: '#e8e8e8', labelColor: TEXT_COLOUR, domainColor: '#888', tickColor: '#888' },
  },
  legend: {
    ...{ labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 0, offset: 14, rowPadding: 4 },
    ...{ labelColor: TEXT_COLOUR, titleColor: TEXT_COLOUR },
  },
  view: { stroke: '#bbb' },
};

const NO_DATA = {
  data: { values: [{}] },
  mark: { type: 'text', text: 'no data', fontSize: 24, color: '#777' },
} as const;

/** Letters of a line under the title: what is longer would make the picture wider. */
const SUBTITLE_LETTERS = 78;

function wrapped(notes: readonly string[]): string[] {
  return notes.reduce<string[]>((lines, note) => {
    const line = lines.at(-1);
    if (line === undefined || line.length + note.length > SUBTITLE_LETTERS) return [...lines, note];
    return [...lines.slice(0, -1), `${line}, ${note}`];
  }, []);
}

const COUNTED: Readonly<Record<PointKind, readonly [one: string, several: string]>> = {
  detection: ['detection', 'detections'],
  'forced photometry': ['forced measurement', 'forced measurements'],
  'fainter than reference': ['fainter than the reference', 'fainter than the reference'],
  'upper limit': ['upper limit', 'upper limits'],
};

/** `29 detections`, `12 upper limits`, `3 without a magnitude to show` */
function counts(points: readonly PlotPoint[], notShown: number): string[] {
  const texts = Object.entries(COUNTED).flatMap(([kind, [one, several]]) => {
    const count = points.filter((point) => point.kind === kind).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
  });
  return [...texts, ...(notShown === 0 ? [] : [`${notShown} without a magnitude to show`])];
}
