import { z } from 'zod';
import type { Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import { fluxOf } from '../../model/measured-brightness.js';
import { positionOf } from '../../model/object-position.js';
import type { Occasion } from '../../model/occasion.js';

/** AMPEL's report of a transient, as it publishes it on Hopskotch; the id is a 64-bit integer in decimal. */
export const transientReport = z.object({
  object: z.object({
    id: z.string().regex(/^-?\d{1,19}$/),
    external_id: z.string().nullable(),
    ...{ ra: z.number(), ra_err: z.number().nullable(), dec: z.number(), dec_err: z.number().nullable() },
    ra_dec_cov: z.number().nullable(),
    source: z.string(),
  }),
  photometry: z.array(
    z.object({
      ...{ time: z.number(), flux: z.number(), fluxerr: z.number(), band: z.string() },
      ...{ zp: z.number(), zpsys: z.string() },
    }),
  ),
  features: z.array(z.object({ name: z.string(), features: z.record(z.string(), z.number()) })),
});
export type TransientReport = z.output<typeof transientReport>;

/** What `composeReport` gives: a report, or why there is none. */
export const reportMessage = z.object({ refusal: z.string().nullable(), report: transientReport.nullable() });

export interface ReportWishes {
  /** What band names begin with, by the tag of a point. Points with none of these tags are not published. */
  readonly bands: Readonly<Record<string, string>>;
  /** Units whose numbers are told. */
  readonly features: readonly string[];
}

type Photometry = TransientReport['photometry'][number];

/** AB magnitude of 1 nJy. */
const ZERO_POINT = 31.4;
/** Julian date of MJD 0. */
const MJD_EPOCH_JD = 2_400_000.5;

export function composeReport(occasion: Occasion, wishes: ReportWishes): Json {
  const points = occasion.state.datapoints.filter((point) => prefixOf(point, wishes) !== undefined);
  const photometry = photometryOf(points, wishes);
  const object = objectOf(occasion, points);
  const refusal = refusalOf(object, photometry, wishes);
  if (refusal !== undefined) return { refusal, report: null };
  return { refusal: null, report: { object, photometry, features: featuresOf(occasion, wishes) } };
}

function refusalOf(
  { ra, dec }: TransientReport['object'],
  photometry: readonly Photometry[],
  { bands }: ReportWishes,
): string | undefined {
  if (!(Math.abs(dec) <= 90 && Number.isFinite(ra))) return 'the object has no position';
  if (photometry.length > 0) return undefined;
  return `nothing to publish: no measured flux with an error has one of the tags ${Object.keys(bands).join(', ')}`;
}

/** Of the survey's own record of the object, with its errors (deg, deg²), else the mean of the detections. */
function objectOf(
  { stock, objectId, position, alertId }: Occasion,
  points: readonly Datapoint[],
): TransientReport['object'] {
  const record = points.filter(({ kind }) => kind === 'object').reduce<Datapoint | undefined>(later, undefined);
  const recorded = record && positionOf([record]);
  const body = recorded === undefined ? {} : (record?.body ?? {});
  const { ra, dec } = recorded ?? position;
  const source = (points.find(({ id }) => id === alertId) ?? points[0])?.tags[0];
  return {
    id: stock,
    external_id: objectId === stock ? null : objectId,
    ...{ ra, ra_err: numberOf(body['raErr']), dec, dec_err: numberOf(body['decErr']) },
    ra_dec_cov: numberOf(body['ra_dec_Cov']),
    source: source ?? '',
  };
}

function later(one: Datapoint | undefined, other: Datapoint): Datapoint {
  return one === undefined || other.jd >= one.jd ? other : one;
}

/** In order of time. Of one exposure the forced photometry, as AMPEL's: the alert's is biased towards what was detected. */
function photometryOf(points: readonly Datapoint[], wishes: ReportWishes): Photometry[] {
  const byExposure = new Map<string, { readonly kind: Datapoint['kind']; readonly row: Photometry }>();
  for (const point of points) {
    const row = rowOf(point, wishes);
    if (row === undefined) continue;
    const exposure = `${row.band} ${row.time}`;
    if (!byExposure.has(exposure) || point.kind === 'forced') byExposure.set(exposure, { kind: point.kind, row });
  }
  return [...byExposure.values()].map(({ row }) => row).sort((one, other) => one.time - other.time);
}

function rowOf(point: Datapoint, wishes: ReportWishes): Photometry | undefined {
  if (point.kind !== 'detection' && point.kind !== 'forced') return undefined;
  const measured = fluxOf(point);
  if (measured === undefined || !(measured.fluxErr > 0)) return undefined;
  const { flux, fluxErr } = measured;
  const band = `${prefixOf(point, wishes) ?? ''}${point.band.toLowerCase()}`;
  return { time: timeOf(point), flux, fluxerr: fluxErr, band, zp: ZERO_POINT, zpsys: 'ab' };
}

/** The survey's own clock as AMPEL's: TAI for LSST, so that a point is the same as that of any other broker; else UTC. */
function timeOf({ jd, body }: Datapoint): number {
  const mjdTai = numberOf(body['midpointMjdTai']);
  return mjdTai === null ? jd : mjdTai + MJD_EPOCH_JD;
}

function prefixOf({ tags }: Datapoint, { bands }: ReportWishes): string | undefined {
  return Object.entries(bands).find(([tag]) => tags.includes(tag))?.[1];
}

function featuresOf({ results }: Occasion, { features }: ReportWishes): TransientReport['features'] {
  const bodies = new Map(Object.entries(results));
  return features.flatMap((name) => {
    const numbers = Object.entries(bodies.get(name) ?? {}).filter(isNumeric);
    return numbers.length === 0 ? [] : [{ name, features: Object.fromEntries(numbers) }];
  });
}

function isNumeric(entry: [string, unknown]): entry is [string, number] {
  return numberOf(entry[1]) !== null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
