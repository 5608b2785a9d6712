import { normal, PURPOSE, streamOf, type Stream } from './random-stream.js';
import type { Exposure } from './schedule.js';
import { codeOf, type Source } from './source.js';

/** What an exposure shows at the position of a source. */
export interface Measurement {
  readonly exposure: Exposure;
  /** Difference flux (zero point 25), with its noise. */
  readonly flux: number;
  /** |flux| by its error. */
  readonly snr: number;
  /** For what else is measured. */
  readonly stream: Stream;
}

/** ZTF sends an alert from this on. */
export const ALERT_SNR = 5;
/** The archive counts raw detections from this on. */
export const RAW_SNR = 3;
/** Photometry is never better than this share of the flux. */
const CALIBRATION_ERROR = 0.02;
/** Subtracting a source leaves this share of its light as noise. */
const SUBTRACTION_ERROR = 0.004;

/**
 * Measures a source. It depends on nothing but the seed, the source and the exposure: the history of an alert measures
 * again and finds what the earlier alert had.
 */
export function measure(seed: number, source: Source, exposure: Exposure): Measurement {
  const stream = streamOf(seed, PURPOSE.measurement, codeOf(source.kind), source.index, exposure.id);
  const truth = source.signal(exposure);
  const sky = ofQuadrant(exposure.skyNoise, source.place.rcid);
  const sigma = Math.sqrt(
    sky ** 2 + (CALIBRATION_ERROR * truth) ** 2 + (SUBTRACTION_ERROR * source.referenceFlux) ** 2,
  );
  const flux = truth + normal(stream, 0, sigma);
  return { exposure, flux, snr: Math.abs(flux) / sigma, stream };
}

/** The value of a readout channel, 0 … 63. */
export function ofQuadrant(values: Float32Array | Float64Array, rcid: number): number {
  const value = values[rcid];
  if (value === undefined) throw new RangeError(`readout channel ${rcid} is not in 0 … 63`);
  return value;
}
