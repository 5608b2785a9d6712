import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import { isDetection } from '../../model/decent-cuts.js';
import type { Rejection } from '../../model/decision.js';
import { numberOf } from '../../model/needed-fields.js';
import { defineFilter } from '../define.js';
import { decentFilter } from './decent-filter.js';

const config = decentFilter.config.extend({
  trigger_jd: z
    .number()
    .default(0)
    .describe('time of the event (Julian date, days): a detection in the packet before it rejects'),
  map_dir: z.string().default('./').describe('folder of the sky map; declared as in AMPEL and not used'),
  map_name: z
    .literal(
      null,
      'the time of the event is not read from a sky map: set trigger_jd, and map_name: null to go without the map',
    )
    .default(null)
    .describe('sky map whose header has the time of the event; only null'),
});

/** AMPEL's filter for what began after an event (ampel/contrib/hu/t0/PredetectionFilter.py): its own cut, then DecentFilter's. */
export const predetectionFilter = defineFilter({
  name: 'PredetectionFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'DecentFilter for transients without a detection before an event, such as a merger of neutron stars.',
  config,
  reads: { candidate: [...decentFilter.reads.candidate, 'magpsf'], history: ['jd', 'candid', 'magpsf'] },
  reasons: { predetection: 'detected before trigger_jd: older than the event', ...decentFilter.reasons },
  run: (alert, cuts) => predetection(alert, cuts.trigger_jd) ?? decentFilter.run(alert, cuts),
});

/** The earliest detection with a magnitude before the event. */
function predetection({ candidate, history }: AlertContent, triggerJd: number): Rejection | undefined {
  let earliest = candidate['magpsf'] == null ? Infinity : numberOf(candidate, 'jd');
  for (const point of history) {
    if (!isDetection(point) || point['magpsf'] == null) continue;
    earliest = Math.min(earliest, numberOf(point, 'jd'));
  }
  if (earliest >= triggerJd) return undefined;
  return { accepted: false, reason: 'predetection', field: 'jd', value: earliest, limit: triggerJd };
}
