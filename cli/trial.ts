import type { Alert } from '../model/alert.js';
import type { Verdict } from '../model/decision.js';
import { counted } from './counted.js';
import { table } from './table.js';

/** One line of `ampel channel try --json`, and of `ampel unit run --json` for a filter. */
export type TrialLine = Pick<Alert, 'alertId' | 'objectId' | 'jd'> & Verdict;

/** A filter's verdict on one alert, as a line of output. */
export function trialLine(
  { alertId, objectId, jd }: Pick<Alert, 'alertId' | 'objectId' | 'jd'>,
  verdict: Verdict,
): TrialLine {
  return { alertId, objectId, jd, ...verdict };
}

/** A channel's archive may accept many: the table is for a first look, `--json` for all. */
const SHOWN_OBJECTS = 50;

/** Counts verdicts for the text form: how many for which reason, and which objects were accepted. */
export class TrialTally {
  private alerts = 0;
  private accepted = 0;
  private readonly reasons = new Map<string, number>();
  private readonly objects = new Map<string, { alerts: number; firstJd: number; lastJd: number }>();

  add(line: TrialLine): void {
    this.alerts++;
    if (!line.accepted) {
      this.reasons.set(line.reason, (this.reasons.get(line.reason) ?? 0) + 1);
      return;
    }
    this.accepted++;
    const { alerts = 0, firstJd = line.jd, lastJd = line.jd } = this.objects.get(line.objectId) ?? {};
    const span = { firstJd: Math.min(firstJd, line.jd), lastJd: Math.max(lastJd, line.jd) };
    this.objects.set(line.objectId, { alerts: alerts + 1, ...span });
  }

  /** `meanings`: what each reason means. */
  text(title: string, meanings: Readonly<Record<string, string>>): string {
    const { alerts, accepted, objects } = this;
    const parts = [`${title}: ${accepted} of ${counted(alerts, 'alert')} accepted, ${counted(objects.size, 'object')}`];
    const reasons = [...this.reasons].sort(([, a], [, b]) => b - a);
    if (reasons.length > 0) {
      const rows = reasons.map(([reason, count]) => [reason, count, percent(count, alerts), meanings[reason] ?? '']);
      parts.push(table(['rejected for', 'alerts', '', 'meaning'], rows));
    }
    if (objects.size > 0) parts.push(this.objectTable());
    return parts.join('\n\n');
  }

  private objectTable(): string {
    const shown = [...this.objects].slice(0, SHOWN_OBJECTS);
    const rows = shown.map(([name, { alerts, firstJd, lastJd }]) => [
      name,
      alerts,
      firstJd.toFixed(5),
      lastJd.toFixed(5),
    ]);
    const more = this.objects.size - shown.length;
    return `${table(['accepted object', 'alerts', 'first (JD)', 'last (JD)'], rows)}${more > 0 ? `\n… and ${more} more, see --json` : ''}`;
  }
}

function percent(count: number, of: number): string {
  return `${((100 * count) / of).toFixed(1).padStart(5)} %`;
}
