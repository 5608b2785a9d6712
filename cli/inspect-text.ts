import type { DatapointKind } from '../model/datapoint.js';
import { nightOfJd } from '../model/julian-date.js';
import { counted } from './counted.js';
import type { InspectedAlert } from './inspected-alert.js';
import type { ReadCounts } from './read-alerts.js';

/** Fixed widths, as the first line is printed before the last alert is read. Text stands to the left, numbers to the right. */
const COLUMNS = [
  { title: 'object', width: 12, isText: true },
  { title: 'alert', width: 19 },
  { title: 'night', width: 10, isText: true },
  { title: 'band', width: 4, isText: true },
  { title: 'ra (deg)', width: 9 },
  { title: 'dec (deg)', width: 9 },
  { title: 'det', width: 3 },
  { title: 'lim', width: 3 },
  { title: 'state', width: 11 },
] as const;

/** `nameWidth`: letters of the first object's name. */
export function inspectHeading(nameWidth: number): string {
  return columns(
    COLUMNS.map(({ title }) => title),
    nameWidth,
  );
}

/** One alert on one line of 96 letters, more where names are longer than ZTF's: band of the candidate, number of detections and of upper limits. */
export function inspectRow(alert: InspectedAlert, nameWidth: number): string {
  const { objectId, alertId, jd, position, datapoints, state } = alert;
  const [candidate] = datapoints;
  const { detection, upperLimit, forced } = countKinds(datapoints);
  const place = [position.ra.toFixed(5), position.dec.toFixed(5)];
  const row = [objectId, alertId, nightOfJd(jd), candidate?.band ?? '', ...place, detection, upperLimit, state];
  return columns(row, nameWidth) + (forced === 0 ? '' : `  and ${counted(forced, 'forced point')}`);
}

function columns(cells: readonly (string | number)[], nameWidth: number): string {
  const aligned = COLUMNS.map((column, index) => {
    const text = String(cells[index] ?? '');
    const width = index === 0 ? Math.max(nameWidth, column.width) : column.width;
    return 'isText' in column ? text.padEnd(width) : text.padStart(width);
  });
  return aligned.join('  ');
}

function countKinds(datapoints: InspectedAlert['datapoints']): Record<DatapointKind, number> {
  const counts = { detection: 0, upperLimit: 0, forced: 0, object: 0 };
  for (const { kind } of datapoints) counts[kind]++;
  return counts;
}

/** What all alerts come to. A datapoint counts with each packet it comes in. */
export class InspectSummary {
  private readonly objects = new Set<string>();
  private readonly nights = new Set<string>();
  private detections = 0;
  private upperLimits = 0;

  add({ objectId, jd, datapoints }: InspectedAlert): void {
    this.objects.add(objectId);
    this.nights.add(nightOfJd(jd));
    const { detection, upperLimit } = countKinds(datapoints);
    this.detections += detection;
    this.upperLimits += upperLimit;
  }

  text({ read, unreadable }: ReadCounts): string {
    const nights = [...this.nights].sort();
    const span = [...new Set([nights[0], nights.at(-1)])].join(' to ');
    const found = [
      counted(read, 'alert'),
      counted(this.objects.size, 'object'),
      counted(nights.length, 'night') + (span === '' ? '' : ` (${span})`),
    ];
    const points = [counted(this.detections, 'detection'), counted(this.upperLimits, 'upper limit')];
    return `${found.join(', ')}\n${points.join(', ')}; ${unreadable} unreadable`;
  }
}
