import type { PlotPoint, PointKind } from './light-curve-points.js';

/** How the points of one kind and survey look. */
export interface SeriesStyle {
  /** As the legend has it: `ZTF detection`. */
  readonly name: string;
  /** Outline as SVG path in a square from -1 to 1; what runs the other way round is a hole. */
  readonly shape: string;
}

type Corner = readonly [x: number, y: number];

/** A hole as part of what it is in: leaves 1.5 pixels. */
const HOLE = 0.62;
/** Limits are many, and matter less. */
const LIMIT_SIZE = 0.95;
const MINUS = polygon([
  [-0.68, -0.17],
  [0.68, -0.17],
  [0.68, 0.17],
  [-0.68, 0.17],
]);

/** The same in every picture, whichever others are there; surveys that are not known come after them by name. */
const KNOWN_SURVEYS = ['ZTF', 'LSST'];
/** Outline and hole of each survey; more than these share. */
const SHAPES = [
  { outline: circle(1), hole: circle(HOLE, true) },
  ...[
    corners(0.9, [-1, -1], [1, -1], [1, 1], [-1, 1]),
    corners(1.25, [0, -1], [1, 0], [0, 1], [-1, 0]),
    corners(1.3, [0, -1], [0.87, 0.5], [-0.87, 0.5]),
  ].map((outline) => ({ outline: polygon(outline), hole: hole(outline) })),
];
/** Downward, for a limit: an open triangle, an arrow, a hook. */
const TRIANGLE = corners(LIMIT_SIZE, [-1, -0.8], [1, -0.8], [0, 1]);
const LIMITS = [
  polygon(TRIANGLE) + hole(TRIANGLE, 0.42, -0.15 * LIMIT_SIZE),
  polygon(corners(LIMIT_SIZE, [-0.2, -1], [0.2, -1], [0.2, 0.1], [0.8, 0.1], [0, 1], [-0.8, 0.1], [-0.2, 0.1])),
  polygon(corners(LIMIT_SIZE, [-1, -0.6], [0, 0.4], [1, -0.6], [1, -0.1], [0, 0.9], [-1, -0.1])),
];

const KINDS: readonly PointKind[] = ['detection', 'forced photometry', 'fainter than reference', 'upper limit'];

/** Name of the series of a point. */
export function seriesOf({ survey, kind }: Pick<PlotPoint, 'survey' | 'kind'>): string {
  return survey === '' ? kind : `${survey} ${kind}`;
}

/** The series that there are among some points, in the order of the legend. */
export function seriesStyles(points: readonly PlotPoint[]): SeriesStyle[] {
  const names = new Set(points.map(seriesOf));
  const surveys = new Set(points.map(({ survey }) => survey));
  const others = [...surveys].filter((survey) => !KNOWN_SURVEYS.includes(survey)).sort();
  return [...KNOWN_SURVEYS, ...others]
    .flatMap((survey, index) =>
      KINDS.map((kind) => ({ name: seriesOf({ survey, kind }), shape: shapeOf(kind, index) })),
    )
    .filter(({ name }) => names.has(name));
}

/** Filled: a detection. Open: forced photometry. With a minus sign: fainter than the reference. Downward: a limit. */
function shapeOf(kind: PointKind, survey: number): string {
  const { outline, hole } = SHAPES[survey % SHAPES.length] ?? { outline: '', hole: '' };
  switch (kind) {
    case 'detection':
      return outline;
    case 'forced photometry':
      return outline + hole;
    case 'fainter than reference':
      return outline + hole + MINUS;
    case 'upper limit':
      return LIMITS[survey % LIMITS.length] ?? '';
  }
}

function circle(radius: number, isHole = false): string {
  const arc = `A${radius},${radius},0,1,${isHole ? 0 : 1},`;
  return `M${-radius},0${arc}${radius},0${arc}${-radius},0Z`;
}

function corners(size: number, ...places: readonly Corner[]): Corner[] {
  return places.map(([x, y]) => [size * x, size * y]);
}

function polygon(places: readonly Corner[]): string {
  return `M${places.map(([x, y]) => `${x.toFixed(3)},${y.toFixed(3)}`).join('L')}Z`;
}

function hole(outline: readonly Corner[], size = HOLE, down = 0): string {
  return polygon(outline.map(([x, y]): Corner => [size * x, size * y + down]).reverse());
}
