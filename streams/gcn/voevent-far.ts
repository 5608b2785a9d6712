import { bounded } from './fields.js';
import { FAR_BOUNDS_HZ } from './far-bounds.js';
import type { VoParams } from './voevent-params.js';

/** Julian year, as IAU defines it. */
const YEAR_S = 31_557_600;

/** The false alarm rate (Hz) in the parameter `FAR`; undefined where it is missing or in another unit than Hz or per year. */
export function farHzOf(params: VoParams): number | undefined {
  const rate = params.number('FAR');
  const unit = params.unit('FAR').replace(/\s/g, '');
  const perSecond = unit === 'Hz' ? 1 : /^(yr\^?-1|1\/yr|\/yr)$/.test(unit) ? 1 / YEAR_S : undefined;
  if (rate === undefined || perSecond === undefined) return undefined;
  return bounded(rate * perSecond, 'Param FAR', ...FAR_BOUNDS_HZ);
}
