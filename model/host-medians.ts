import { brightnessOf } from './brightness.js';
import type { Datapoint } from './datapoint.js';

/** Fields of ZTF whose medians AMPEL's classifiers use. */
const HOST = ['distnr', 'magnr', 'classtar', 'sgscore1', 'distpsnr1', 'sgscore2', 'distpsnr2', 'neargaia', 'maggaia'];
const MEDIANS = ['rb', 'drb', ...HOST];

/**
 * Medians of what ZTF says of the image and the surroundings of its detections, as `rb_med` and so on; null of what no detection
 * has, nothing without a detection of ZTF brighter than the reference. Values count as they are: -999 says that nothing is near.
 */
export function hostMedians(datapoints: readonly Datapoint[]): Record<string, number | null> {
  const ofZtf = datapoints.filter(({ kind, body, tags }) => {
    return kind === 'detection' && tags.includes('ZTF') && brightnessOf({ kind, body })?.isNegative === false;
  });
  if (ofZtf.length === 0) return {};
  return Object.fromEntries(
    MEDIANS.map((field) => [
      `${field}_med`,
      medianOf(ofZtf.flatMap(({ body }) => (typeof body[field] === 'number' ? [body[field]] : []))),
    ]),
  );
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
