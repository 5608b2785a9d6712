import type { Alert } from '../model/alert.js';
import type { Verdict } from '../model/decision.js';
import { counted } from './counted.js';
import { table } from './table.js';

/** An alert that two revisions of a channel decide differently on, as a line of output. */
export interface TrialDifference extends Pick<Alert, 'alertId' | 'objectId' | 'jd'> {
  readonly change: 'gained' | 'lost' | 'regrouped';
  readonly before: Verdict;
  readonly after: Verdict;
}

/** What the new revision does otherwise on one alert; undefined where both decide the same. */
export function differenceOf(
  { alertId, objectId, jd }: Pick<Alert, 'alertId' | 'objectId' | 'jd'>,
  before: Verdict,
  after: Verdict,
): TrialDifference | undefined {
  const line = { alertId, objectId, jd, before, after };
  if (before.accepted !== after.accepted) return { ...line, change: after.accepted ? 'gained' : 'lost' };
  const isRegrouped = before.accepted && after.accepted && before.group !== after.group;
  return isRegrouped ? { ...line, change: 'regrouped' } : undefined;
}

const SHOWN_OBJECTS = 50;

/** What a revision would gain and lose, for people: alerts by reason, then objects. */
export class DifferenceTally {
  private alerts = 0;
  private readonly accepted = { before: new Set<string>(), after: new Set<string>() };
  private readonly found: TrialDifference[] = [];

  add(alert: Pick<Alert, 'alertId' | 'objectId' | 'jd'>, before: Verdict, after: Verdict): TrialDifference | undefined {
    this.alerts++;
    if (before.accepted) this.accepted.before.add(alert.objectId);
    if (after.accepted) this.accepted.after.add(alert.objectId);
    const difference = differenceOf(alert, before, after);
    if (difference !== undefined) this.found.push(difference);
    return difference;
  }

  text(title: string, meanings: Readonly<Record<string, string>>): string {
    const { before, after } = this.accepted;
    const head = `${title}, on ${counted(this.alerts, 'alert')}: ${counted(before.size, 'object')} before, ${after.size} after`;
    if (this.found.length === 0) return `${head}\n\nBoth decide the same on every alert.`;
    const gained = [...after].filter((objectId) => !before.has(objectId));
    const lost = [...before].filter((objectId) => !after.has(objectId));
    return [
      head,
      table(['alerts', 'number', 'reason of the other revision', 'meaning'], this.reasonRows(meanings)),
      ...objectList('objects gained', gained),
      ...objectList('objects lost', lost),
    ].join('\n\n');
  }

  private reasonRows(meanings: Readonly<Record<string, string>>): (string | number | undefined)[][] {
    const counts = new Map<string, { change: string; reason: string; count: number }>();
    for (const { change, before, after } of this.found) {
      const rejection = [before, after].find((verdict) => !verdict.accepted);
      const reason = rejection?.accepted === false ? rejection.reason : '';
      const key = `${change} ${reason}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { change, reason, count: 1 });
      else known.count++;
    }
    const rows = [...counts.values()].sort((a, b) => a.change.localeCompare(b.change) || b.count - a.count);
    return rows.map(({ change, reason, count }) => [change, count, reason, meanings[reason]]);
  }
}

function objectList(title: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN_OBJECTS ? `, and ${names.length - SHOWN_OBJECTS} more (see --json)` : '';
  return [`${names.length} ${title}: ${names.slice(0, SHOWN_OBJECTS).join(', ')}${more}`];
}
