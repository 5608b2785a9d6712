import { brightnessOf } from './brightness.js';
import type { Datapoint } from './datapoint.js';

/** A detection brighter than the reference image. */
export interface Magnitude {
  /** Julian date (UTC). */
  readonly jd: number;
  /** AB, with one standard deviation (mag). */
  readonly mag: number;
  readonly magErr: number;
}

/** A measured flux, which may be negative (nJy, with one standard deviation). */
export interface Flux {
  readonly jd: number;
  readonly flux: number;
  readonly fluxErr: number;
}

/** AB magnitude of 1 nJy. */
const ZERO_POINT = 31.4;
const MAG_OF_RELATIVE = 2.5 / Math.LN10;

/** Positive detections (and forced photometry above three standard deviations) by band, in order of time. */
export function magnitudesByBand(datapoints: readonly Datapoint[]): Map<string, Magnitude[]> {
  const bands = new Map<string, Magnitude[]>();
  for (const point of inTime(datapoints)) {
    const brightness = brightnessOf(point);
    if (brightness === undefined || brightness.isLimit || brightness.isNegative) continue;
    const { mag, magErr } = brightness;
    if (magErr === undefined || !(magErr > 0)) continue;
    push(bands, point.band, { jd: point.jd, mag, magErr });
  }
  return bands;
}

/** All measured fluxes by band, in order of time: those of detections, negative ones too, and all forced photometry. */
export function fluxesByBand(datapoints: readonly Datapoint[]): Map<string, Flux[]> {
  const bands = new Map<string, Flux[]>();
  for (const point of inTime(datapoints)) {
    const measured = fluxOf(point);
    if (measured !== undefined && measured.fluxErr > 0) push(bands, point.band, { jd: point.jd, ...measured });
  }
  return bands;
}

/** Magnitude of a flux (nJy). */
export function magOfFlux(fluxNjy: number): number {
  return ZERO_POINT - 2.5 * Math.log10(fluxNjy);
}

/** Flux of a point; undefined for a limit and for what was not measured. */
export function fluxOf(point: Pick<Datapoint, 'kind' | 'body'>): Omit<Flux, 'jd'> | undefined {
  const { psfFlux, psfFluxErr, forcediffimflux, forcediffimfluxunc, magzpsci } = point.body;
  if (isNumber(psfFlux) && isNumber(psfFluxErr)) return { flux: psfFlux, fluxErr: psfFluxErr };
  if (isNumber(forcediffimflux) && isNumber(forcediffimfluxunc) && isNumber(magzpsci)) {
    const unit = 10 ** ((ZERO_POINT - magzpsci) / 2.5);
    return { flux: unit * forcediffimflux, fluxErr: unit * forcediffimfluxunc };
  }
  const brightness = brightnessOf(point);
  if (brightness?.magErr === undefined || brightness.isLimit) return undefined;
  const size = 10 ** ((ZERO_POINT - brightness.mag) / 2.5);
  return { flux: brightness.isNegative ? -size : size, fluxErr: (size * brightness.magErr) / MAG_OF_RELATIVE };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function inTime(datapoints: readonly Datapoint[]): Datapoint[] {
  return datapoints.toSorted((a, b) => a.jd - b.jd);
}

function push<Point>(bands: Map<string, Point[]>, band: string, point: Point): void {
  const points = bands.get(band);
  if (points === undefined) bands.set(band, [point]);
  else points.push(point);
}
