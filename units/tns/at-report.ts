import { brightnessOf } from '../../model/brightness.js';
import type { Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import { unixMsOfJd } from '../../model/julian-date.js';
import { meanPosition } from '../../model/mean-position.js';
import { positionOf } from '../../model/object-position.js';
import type { Occasion } from '../../model/occasion.js';
import type { SkyPosition } from '../../model/sky-separation.js';

/** What a report says beside the measurements, and which objects are worth one. */
export interface ReportRules {
  readonly groups: { readonly reporting: number; readonly dataSource: number };
  readonly reporter: string;
  readonly atType: number;
  readonly remarks?: string | undefined;
  /** Only points with it: filters and instrument are those of one survey. */
  readonly tag: string;
  /** TNS's numbers by band. */
  readonly filters: Readonly<Record<string, number>>;
  readonly instrument: number;
  readonly exposureSeconds: number;
  readonly minDetections: number;
  readonly minLimitMag: number;
  readonly maxAgeDays?: number | undefined;
  readonly maxMag?: number | undefined;
}

/** A measurement with a magnitude, in a filter that TNS has a number for. */
interface Point {
  readonly point: Datapoint;
  readonly filter: number;
  readonly mag: number;
  readonly magErr?: number;
}

/** TNS takes ten; the first ones tell of the discovery. */
const MAX_PHOTOMETRY = 5;
const POSITION_ERROR_ARCSEC = 1;
/** TNS's number for AB magnitudes. */
const AB_MAG = '1';
const OTHER_ARCHIVE = '0';

/** The report as JSON, or null where there is nothing to report, and why it must not be sent, or null where it may. */
export function composeReport(occasion: Occasion, rules: ReportRules): Json {
  const { detections, limits } = measured(occasion.state.datapoints, rules);
  const position = placeOf(occasion, detections);
  const [first] = detections;
  return {
    internalName: occasion.objectId,
    position: position === undefined ? null : { ra: position.ra, dec: position.dec },
    refusal: refusalOf(occasion, rules, detections, position) ?? null,
    report:
      first === undefined || position === undefined
        ? null
        : { at_report: { 0: atReport(occasion.objectId, rules, position, { first, detections, limits }) } },
  };
}

interface Measured {
  readonly detections: readonly Point[];
  readonly limits: readonly Point[];
}

function atReport(
  internalName: string,
  rules: ReportRules,
  { ra, dec }: SkyPosition,
  { first, detections, limits }: Measured & { readonly first: Point },
): Json {
  const { groups, reporter, atType, remarks } = rules;
  const coordinate = (value: number): Json => ({ value, error: POSITION_ERROR_ARCSEC, units: 'arcsec' });
  const before = limits.filter(({ point, mag }) => point.jd < first.point.jd && mag >= rules.minLimitMag);
  const told = detections.slice(0, MAX_PHOTOMETRY).map((one, index) => [index, photometry(one, rules)] as const);
  return {
    ra: coordinate(ra),
    dec: coordinate(dec),
    reporting_groupid: String(groups.reporting),
    data_source_groupid: String(groups.dataSource),
    reporter,
    discovery_datetime: utc(first.point.jd),
    at_type: String(atType),
    internal_name: internalName,
    ...(remarks !== undefined && { remarks }),
    non_detection: nonDetection(before.at(-1), rules),
    photometry: { photometry_group: Object.fromEntries(told) },
  };
}

/** One of the two TNS wants: a limit, or a word on why there is none. */
function nonDetection(limit: Point | undefined, rules: ReportRules): Json {
  if (limit === undefined) {
    return {
      archiveid: OTHER_ARCHIVE,
      archival_remarks: `no ${rules.tag} limit of ${rules.minLimitMag} mag or deeper is at hand from before the discovery`,
    };
  }
  return { ...exposure(limit, rules), limiting_flux: rounded(limit.mag, 2) };
}

function photometry(one: Point, rules: ReportRules): Json {
  const limit = one.point.body['diffmaglim'];
  return {
    ...exposure(one, rules),
    flux: rounded(one.mag, 2),
    ...(one.magErr !== undefined && { flux_error: rounded(one.magErr, 2) }),
    ...(typeof limit === 'number' && Number.isFinite(limit) && { limiting_flux: rounded(limit, 2) }),
  };
}

function exposure({ point, filter }: Point, { instrument, exposureSeconds }: ReportRules): Record<string, Json> {
  return {
    obsdate: utc(point.jd),
    flux_unitid: AB_MAG,
    filterid: String(filter),
    instrumentid: String(instrument),
    exptime: String(exposureSeconds),
    observer: 'Robot',
  };
}

/** In order of time. What is fainter than the reference image discovers nothing. */
function measured(datapoints: readonly Datapoint[], { tag, filters }: ReportRules): Measured {
  const points = datapoints
    .flatMap((point): (Point & { readonly isLimit: boolean })[] => {
      const brightness = brightnessOf(point);
      const filter = filters[point.band];
      if (brightness === undefined || brightness.isNegative || filter === undefined) return [];
      if (point.kind === 'forced' || !point.tags.includes(tag)) return [];
      const { mag, magErr, isLimit } = brightness;
      return [{ point, filter, mag, isLimit, ...(magErr !== undefined && { magErr }) }];
    })
    .sort((a, b) => a.point.jd - b.point.jd);
  return { detections: points.filter(({ isLimit }) => !isLimit), limits: points.filter(({ isLimit }) => isLimit) };
}

/** Mean of the detections; one of another survey's may be all there is. */
function placeOf({ position }: Occasion, detections: readonly Point[]): SkyPosition | undefined {
  const mean = meanPosition(detections.flatMap(({ point }) => positionOf([point]) ?? [])) ?? position;
  const { ra, dec } = mean;
  if (!(ra >= 0 && ra <= 360 && Math.abs(dec) <= 90)) return undefined;
  return { ra: rounded(ra, 6), dec: rounded(dec, 6) };
}

/** Why no report is sent. Age is that at the time the reaction fell due: the clock would say otherwise at each try. */
function refusalOf(
  { dueJd }: Occasion,
  { tag, minDetections, maxAgeDays = Infinity, maxMag = Infinity }: ReportRules,
  detections: readonly Point[],
  position: SkyPosition | undefined,
): string | undefined {
  const [first] = detections;
  if (first === undefined || detections.length < minDetections) {
    return `too few detections: ${detections.length} of ${tag} in filters of TNS, expected ${minDetections} at least`;
  }
  if (position === undefined) return 'no position';
  const age = dueJd - first.point.jd;
  if (age > maxAgeDays) return `too old: first detected ${age.toFixed(2)} d before, expected ${maxAgeDays} d at most`;
  const brightest = detections.reduce((best, { mag }) => Math.min(best, mag), Infinity);
  if (brightest > maxMag) return `too faint: ${brightest.toFixed(2)} mag at best, expected ${maxMag} or brighter`;
  return undefined;
}

function utc(jd: number): string {
  return new Date(unixMsOfJd(jd)).toISOString().replace('T', ' ').slice(0, -1);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
