/** The parts of a report that TNS looks at first. */
export interface AtReport {
  readonly ra: { readonly value: number };
  readonly dec: { readonly value: number };
  readonly internal_name: string;
  readonly discovery_datetime: string;
  readonly reporter: string;
  readonly non_detection: Readonly<Record<string, unknown>>;
  readonly photometry: { readonly photometry_group: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

const REQUIRED = [
  'ra',
  'dec',
  'reporting_groupid',
  'data_source_groupid',
  'reporter',
  'discovery_datetime',
  'at_type',
  'non_detection',
  'photometry',
];
const OF_A_POINT = ['obsdate', 'flux', 'flux_unitid', 'filterid', 'instrumentid'];
const OF_A_LIMIT = ['obsdate', 'limiting_flux', 'flux_unitid', 'filterid', 'instrumentid'];

/** Faults by field, as TNS tells of them: `{field: {value: {code: {message, message_id}}}}`; undefined where there are none. */
export function faultsOf(report: AtReport): Record<string, unknown> | undefined {
  const faults = Object.assign({}, ...faultsIn(report)) as Record<string, unknown>;
  return Object.keys(faults).length === 0 ? undefined : faults;
}

function* faultsIn(report: AtReport): Generator<Record<string, unknown>> {
  for (const field of REQUIRED) if (!(field in report)) yield fault(field, 3, 'Required field');
  const { non_detection: limit, photometry, discovery_datetime: discovered, reporter } = report;
  if (/bogus/i.test(reporter)) yield fault('reporter', 3, 'Unknown reporter');
  const points = Object.values(photometry.photometry_group);
  if (points.length === 0) yield fault('photometry', 2, 'At least one photometry point should be filled');
  for (const point of points) {
    for (const field of OF_A_POINT) if (!(field in point)) yield fault(`photometry ${field}`, 3, 'Required field');
  }
  const isLimit = OF_A_LIMIT.every((field) => field in limit);
  if (!isLimit && !('archiveid' in limit && 'archival_remarks' in limit)) {
    yield fault('non_detection', 6, 'Last non-detection or archival info must be filled');
  }
  if (isLimit && String(limit['obsdate']) >= discovered) {
    yield fault('non_detection', 1, 'Last non-detection should precede the discovery datetime');
  }
}

function fault(field: string, code: number, message: string): Record<string, unknown> {
  return { [field]: { value: { [code]: { message, message_id: code } } } };
}
