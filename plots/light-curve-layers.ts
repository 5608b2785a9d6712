import type { TopLevelSpec } from 'vega-lite';
import { bandColours, orderedBands } from './band-style.js';
import { magnitudeDomain, timeAxis } from './light-curve-axes.js';
import type { CurvePoint } from './light-curve-curves.js';
import type { PlotPoint } from './light-curve-points.js';
import { TEXT_COLOUR } from './picture-style.js';
import { seriesOf, seriesStyles } from './series-style.js';

/** What is drawn; there is something of it. */
export interface Drawn {
  readonly points: readonly PlotPoint[];
  readonly curves: readonly CurvePoint[];
  /** Points with a ring around them. */
  readonly ringed: readonly PlotPoint[];
}

type LayerSpec = Pick<Extract<TopLevelSpec, { layer: unknown }>, 'layer'>;
type UnitSpec = LayerSpec['layer'][number];

/** Of a mark (square pixels). */
const POINT_SIZE = 70;
const HOLE_SIZE = 30;
const RING_SIZE = 220;

/** Layers of a light curve, what matters less underneath: limits, models, error bars, points, rings. */
export function lightCurveLayers({ points, curves, ringed }: Drawn): LayerSpec {
  const { x, y, color, shape } = encodings({ points, curves });
  const rows = points.map((point) => ({ ...point, series: seriesOf(point) }));
  const isLimit = ({ kind }: PlotPoint): boolean => kind === 'upper limit';
  const isOpen = ({ kind }: PlotPoint): boolean => kind !== 'detection' && kind !== 'upper limit';
  // Points lie inside by the choice of the axes. A clip, as an opacity of the whole mark, costs the PNG renderer much.
  const marks = { type: 'point', filled: true, size: POINT_SIZE, opacity: 1 } as const;
  const limits: UnitSpec = {
    data: { values: rows.filter(isLimit) },
    mark: { ...marks, fillOpacity: 0.75 },
    encoding: { x, y, color, shape },
  };
  const models: UnitSpec = {
    data: { values: [...curves] },
    mark: { type: 'line', clip: true, strokeWidth: 1.5, strokeOpacity: 0.7 },
    encoding: { x, y, color, detail: { field: 'curve', type: 'nominal' } },
  };
  const errorBars: UnitSpec = {
    data: { values: rows.filter(({ faint }) => faint !== undefined) },
    mark: { type: 'rule', clip: true, strokeWidth: 1.2, aria: false },
    encoding: { x, y: { ...y, field: 'bright' }, y2: { field: 'faint' }, color },
  };
  // Else the error bar would be seen inside an open mark, and close it.
  const holes: UnitSpec = {
    data: { values: rows.filter(isOpen) },
    mark: { ...marks, shape: 'circle', color: 'white', size: HOLE_SIZE, aria: false },
    encoding: { x, y },
  };
  const measurements: UnitSpec = {
    data: { values: rows.filter((point) => !isLimit(point)) },
    mark: marks,
    encoding: { x, y, color, shape },
  };
  const rings: UnitSpec = {
    data: { values: [...ringed] },
    mark: {
      type: 'point',
      shape: 'circle',
      clip: true,
      filled: false,
      color: 'black',
      strokeWidth: 1,
      size: RING_SIZE,
    },
    encoding: { x, y },
  };
  return { layer: [limits, models, errorBars, holes, measurements, rings] };
}

function encodings({ points, curves }: Pick<Drawn, 'points' | 'curves'>) {
  const bands = orderedBands([...points, ...curves].map(({ band }) => band));
  const styles = seriesStyles(points);
  const { labels, domain, ...ticks } = timeAxis([...points, ...curves].map(({ mjd }) => mjd));
  const x = {
    field: 'mjd',
    type: 'quantitative',
    title: 'MJD (UTC, days) and UTC date',
    scale: { domain, zero: false, nice: false },
    axis: { labelExpr: labels, labelLineHeight: 16, ...ticks },
  } as const;
  const y = {
    field: 'mag',
    type: 'quantitative',
    title: 'Difference magnitude (AB)',
    scale: { domain: magnitudeDomain(points.length > 0 ? points : curves), reverse: true, zero: false, nice: false },
  } as const;
  const color = {
    field: 'band',
    type: 'nominal',
    scale: { domain: bands, range: bandColours(bands) },
    legend: { title: 'band', symbolType: 'circle', symbolSize: POINT_SIZE, symbolOpacity: 1 },
  } as const;
  const shape = {
    field: 'series',
    type: 'nominal',
    scale: { domain: styles.map(({ name }) => name), range: styles.map((style) => style.shape) },
    legend: {
      title: null,
      symbolFillColor: TEXT_COLOUR,
      symbolStrokeWidth: 0,
      symbolSize: POINT_SIZE,
      symbolOpacity: 1,
    },
  } as const;
  return { x, y, color, shape };
}
