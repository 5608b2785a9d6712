import { angularSeparationDeg, type SkyPosition } from '../../model/sky-separation.js';

/** A position with the radius around it that counts. */
export interface ListedPosition extends SkyPosition {
  readonly name: string;
  readonly radiusArcsec: number;
}

export interface Match {
  readonly name: string;
  readonly separationArcsec: number;
}

/** A distance and a difference of declinations are rounded differently. */
const ROUNDING_DEG = 1e-9;

/** Positions in order of declination: what can be near stands together. */
export class PositionList {
  private readonly sorted: readonly ListedPosition[];
  private readonly decs: Float64Array;
  private readonly largestDeg: number;

  constructor(positions: readonly ListedPosition[]) {
    this.sorted = positions.toSorted((a, b) => a.dec - b.dec);
    this.decs = Float64Array.from(this.sorted, ({ dec }) => dec);
    const largestArcsec = positions.reduce((largest, { radiusArcsec }) => Math.max(largest, radiusArcsec), 0);
    this.largestDeg = largestArcsec / 3600 + ROUNDING_DEG;
  }

  /** The nearest of the positions that have this one within their radius. */
  nearest(position: SkyPosition): Match | undefined {
    const { dec } = position;
    let nearest: Match | undefined;
    for (let index = this.firstFrom(dec - this.largestDeg); index < this.sorted.length; index++) {
      const listed = this.sorted[index];
      if (listed === undefined || listed.dec > dec + this.largestDeg) break;
      const separationArcsec = 3600 * angularSeparationDeg(position, listed);
      if (separationArcsec > listed.radiusArcsec) continue;
      if (nearest === undefined || separationArcsec < nearest.separationArcsec) {
        nearest = { name: listed.name, separationArcsec };
      }
    }
    return nearest;
  }

  private firstFrom(dec: number): number {
    let [low, high] = [0, this.decs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.decs[middle] ?? 0) < dec) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
