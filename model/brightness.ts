import type { Datapoint, Fields } from './datapoint.js';

/** How bright a measurement is, for a person to look at. */
export interface Brightness {
  /** AB magnitude of the difference; of a limit the limiting magnitude. */
  readonly mag: number;
  /** One standard deviation (mag); undefined where the packet has none. */
  readonly magErr?: number;
  readonly isLimit: boolean;
  /** Fainter than the reference image. */
  readonly isNegative: boolean;
}

/** Magnitude of 1 nJy (AB; Oke & Gunn 1983): 8.90 mag are 1 Jy. */
const MAG_OF_NJY = 31.4;
/** 2.5 / ln 10: from a relative error to magnitudes. */
const MAG_OF_RELATIVE = 2.5 / Math.LN10;
/** A fainter flux (in standard deviations) of forced photometry is no detection. */
const LEAST_SIGNIFICANCE = 3;
/** A limit of LSST is told by its noise: what would be detected is five times that. */
const LIMIT_SIGMAS = 5;

/**
 * Brightness of a point of ZTF (`magpsf`, `sigmapsf`, `diffmaglim`) or of LSST (`psfFlux`, `psfFluxErr`, `diaNoise`, nJy).
 * Undefined for what has none, such as forced photometry below three standard deviations.
 */
export function brightnessOf({ kind, body }: Pick<Datapoint, 'kind' | 'body'>): Brightness | undefined {
  if ('psfFlux' in body || 'diaNoise' in body) return ofFlux(kind, body);
  const mag = numberOf(body, kind === 'upperLimit' ? 'diffmaglim' : 'magpsf');
  if (mag === undefined) return undefined;
  if (kind === 'upperLimit') return { mag, isLimit: true, isNegative: false };
  const { isdiffpos } = body;
  const isNegative = isdiffpos === 'f' || isdiffpos === '0';
  return { mag, ...errorOf(numberOf(body, 'sigmapsf')), isLimit: false, isNegative };
}

function ofFlux(kind: Datapoint['kind'], body: Fields): Brightness | undefined {
  if (kind === 'upperLimit') {
    const noise = numberOf(body, 'diaNoise');
    if (noise === undefined || noise <= 0) return undefined;
    return { mag: magOf(LIMIT_SIGMAS * noise), isLimit: true, isNegative: false };
  }
  const flux = numberOf(body, 'psfFlux');
  const error = numberOf(body, 'psfFluxErr');
  if (flux === undefined || flux === 0) return undefined;
  if (kind === 'forced' && (error === undefined || Math.abs(flux) < LEAST_SIGNIFICANCE * error)) return undefined;
  const magErr = error === undefined ? undefined : (MAG_OF_RELATIVE * error) / Math.abs(flux);
  return { mag: magOf(Math.abs(flux)), ...errorOf(magErr), isLimit: false, isNegative: flux < 0 };
}

function magOf(fluxNjy: number): number {
  return MAG_OF_NJY - 2.5 * Math.log10(fluxNjy);
}

function errorOf(magErr: number | undefined): { magErr?: number } {
  return magErr === undefined ? {} : { magErr };
}

function numberOf(body: Fields, field: string): number | undefined {
  const value = body[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
