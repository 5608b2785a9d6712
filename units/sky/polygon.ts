import { angularSeparationDeg, type SkyPosition } from '../../model/sky-separation.js';

/** What makes a list of corners no polygon; `corner` counts from 0. */
export class BadPolygon extends Error {
  override readonly name = 'BadPolygon';

  constructor(
    message: string,
    readonly corner?: number,
  ) {
    super(message);
  }
}

type Vector = readonly [number, number, number];
type Point = readonly [number, number];

const RAD = Math.PI / 180;
/** A gnomonic projection reaches not quite to the horizon. */
const LARGEST_DEG = 80;

/**
 * A polygon on the sphere whose edges are great circles, the shorter way from corner to corner. It is projected gnomonically
 * about the middle of its corners, which makes great circles straight lines (Snyder 1987, USGS Prof. Paper 1395, p. 164), so
 * poles and ra 0 are like all other places. Throws `BadPolygon` where it is none, crosses itself or reaches farther than 80
 * degrees from its middle.
 */
export function skyPolygon(corners: readonly SkyPosition[]): (position: SkyPosition) => boolean {
  if (corners.length < 3) throw new BadPolygon(`found ${corners.length} corners, expected 3 at least`);
  const vectors = corners.map(vectorOf);
  const middle = unit(
    vectors.reduce<Vector>((sum, one) => [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]], [0, 0, 0]),
  );
  const project = projection(middle);
  const points = vectors.map((vector, corner) => {
    if (dot(vector, middle) < Math.cos(LARGEST_DEG * RAD)) {
      throw new BadPolygon(`is farther than ${LARGEST_DEG} degrees from the middle of the polygon`, corner);
    }
    return project(vector);
  });
  checkCorners(corners, points);
  return (position) => {
    const vector = vectorOf(position);
    return dot(vector, middle) > 0 && isInside(project(vector), points);
  };
}

function checkCorners(corners: readonly SkyPosition[], points: readonly Point[]): void {
  const count = points.length;
  for (let i = 0; i < count; i++) {
    const [here, next] = [corners[i], corners[(i + 1) % count]];
    if (here !== undefined && next !== undefined && angularSeparationDeg(here, next) === 0) {
      throw new BadPolygon('is the same as the next one', i);
    }
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      if (doCross(edge(points, i), edge(points, j))) {
        throw new BadPolygon(`begins an edge that crosses the one of corner ${j + 1}`, i);
      }
    }
  }
}

function edge(points: readonly Point[], index: number): readonly [Point, Point] {
  return [points[index] ?? [0, 0], points[(index + 1) % points.length] ?? [0, 0]];
}

function doCross([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

/** Positive to the left of the line from a to b. */
function side(a: Point, b: Point, p: Point): number {
  return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

/** Even-odd rule: how often a ray to the right crosses the edges. */
function isInside([x, y]: Point, points: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0; i < points.length; i++) {
    const [[x1, y1], [x2, y2]] = edge(points, i);
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** Onto the plane that touches the sphere at `middle`. */
function projection(middle: Vector): (vector: Vector) => Point {
  // Any direction that is not the middle's own.
  const helper: Vector = Math.abs(middle[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const east = unit(cross(helper, middle));
  const north = cross(middle, east);
  return (vector) => {
    const depth = dot(vector, middle);
    return [dot(vector, east) / depth, dot(vector, north) / depth];
  };
}

function vectorOf({ ra, dec }: SkyPosition): Vector {
  const cosDec = Math.cos(dec * RAD);
  return [cosDec * Math.cos(ra * RAD), cosDec * Math.sin(ra * RAD), Math.sin(dec * RAD)];
}

function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  if (length < 1e-9) throw new BadPolygon('its corners lie around the whole sky');
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
