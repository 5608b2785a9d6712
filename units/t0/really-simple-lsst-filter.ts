import { z } from 'zod';
import { lsstDetections } from '../../model/lsst-detections.js';
import { defineFilter } from '../define.js';

const config = z.strictObject({
  min_ndet: z.int().describe('least number of sources in the packet, the triggering one included'),
  max_ndet: z.int().nullable().default(null).describe('most sources in the packet; null or 0 = not asked'),
  min_tspan: z.number().describe('least time between first and last source in the packet (days, inclusive)'),
  max_tspan: z.number().describe('longest time between first and last source in the packet (days, inclusive)'),
});

/** AMPEL's filter of LSST alerts by their history alone (ampel/lsst/t0/ReallySimpleLSSTFilter.py). */
export const reallySimpleLsstFilter = defineFilter({
  name: 'ReallySimpleLSSTFilter',
  version: '1.0.0',
  surveys: ['lsst'],
  summary: 'LSST alerts with enough and not too many sources over enough and not too much time.',
  config,
  reads: { candidate: ['diaSourceId', 'midpointMjdTai'], history: ['diaSourceId', 'midpointMjdTai'] },
  reasons: {
    nDet: 'fewer sources in the packet than min_ndet, or more than max_ndet',
    tSpan: 'sources in the packet span less than min_tspan or more than max_tspan',
  },
  run(alert, { min_ndet, max_ndet, min_tspan, max_tspan }) {
    const { count, spanDays } = lsstDetections(alert);
    const nDet = { accepted: false, reason: 'nDet', field: 'nDet', value: count } as const;
    if (count < min_ndet) return { ...nDet, limit: min_ndet };
    // AMPEL takes 0 for no limit.
    if (max_ndet !== null && max_ndet !== 0 && count > max_ndet) return { ...nDet, limit: max_ndet };
    const tSpan = { accepted: false, reason: 'tSpan', field: 'midpointMjdTai', value: spanDays } as const;
    if (!(spanDays >= min_tspan)) return { ...tSpan, limit: min_tspan };
    if (!(spanDays <= max_tspan)) return { ...tSpan, limit: max_tspan };
    return { accepted: true };
  },
});
