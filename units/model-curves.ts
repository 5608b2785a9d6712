import type { Json } from '../model/canonical-json.js';
import type { Datapoint } from '../model/datapoint.js';
import type { ModelCurve } from '../plots/light-curve-curves.js';
import type { MagnitudeAt } from './define.js';
import type { Registry } from './registry.js';

/** Steps from the first to the last point of a band: smooth at the width of a picture. */
const STEPS = 120;

/**
 * The fits among some results as curves, each from the first to the last datapoint of its band. Results of units that this program
 * does not have, or has with another form of result, have none.
 */
export function modelCurves(
  registry: Pick<Registry, 'all'>,
  results: readonly { readonly unit: string; readonly body: Json }[],
  datapoints: readonly Datapoint[],
): ModelCurve[] {
  const spans = spansByBand(datapoints);
  return results.flatMap(({ unit, body }) =>
    Object.entries(modelsOf(registry, unit, body)).flatMap(([band, magnitudeAt]) => {
      const span = spans.get(band);
      return span === undefined ? [] : [{ band, points: sampled(magnitudeAt, span) }];
    }),
  );
}

function modelsOf(registry: Pick<Registry, 'all'>, name: string, body: Json): Readonly<Record<string, MagnitudeAt>> {
  const unit = registry.all().find((one) => one.tier === 't2' && one.name === name);
  if (unit?.tier !== 't2' || unit.model === undefined) return {};
  const result = unit.result.safeParse(body);
  return result.success ? unit.model(result.data) : {};
}

interface Span {
  from: number;
  to: number;
}

function spansByBand(datapoints: readonly Datapoint[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const { band, jd, kind } of datapoints) {
    if (kind === 'upperLimit') continue;
    const span = spans.get(band);
    if (span === undefined) spans.set(band, { from: jd, to: jd });
    else {
      span.from = Math.min(span.from, jd);
      span.to = Math.max(span.to, jd);
    }
  }
  return spans;
}

function sampled(magnitudeAt: MagnitudeAt, { from, to }: Span): ModelCurve['points'] {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const jd = from + ((to - from) * step) / STEPS;
    return [jd, magnitudeAt(jd)] as const;
  });
}
