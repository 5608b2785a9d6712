import type { Deadline } from '../model/deadline.js';
import { nightOfJd, unixMsOfJd } from '../model/julian-date.js';
import type { Clock, DetectionRef } from '../model/transient.js';
import type { TransientStatus, Wake } from './transient-state.js';
import type { QueuedTask } from './unit-ledger.js';

/** The server takes 400 bytes of a summary. */
const MAX_SUMMARY_LENGTH = 200;
/** The server takes 20,000 bytes of details; a person reads the first lines. */
const MAX_LINES = 20;

/** `decide on alert 1234 of 2021-06-01 for HU_RAPID` */
export function decideSummary(detections: readonly DetectionRef[]): string {
  const channels = [...new Set(detections.flatMap((detection) => detection.channels.map((ref) => ref.split('@')[0])))];
  const nights = [...new Set(detections.map((detection) => nightOfJd(detection.jd)))];
  const [first] = detections;
  const count = detections.length === 1 && first ? `alert ${first.alertId}` : `${detections.length} alerts`;
  return short(`decide on ${count} of ${nights.join(', ')} for ${channels.join(', ')}`);
}

export function unitSummary({ task, because }: QueuedTask): string {
  return short(`${task.unit} on state ${task.link}${because === undefined ? '' : ` again: ${because}`}`);
}

export function reactionSummary({ channel, rule, alertId }: Deadline): string {
  return short(`${channel}: ${rule} (set off by alert ${alertId})`);
}

export function wakeSummary(wake: Wake): string {
  if (wake.for === 'quiet') return 'close if quiet until then';
  if ('error' in wake.for) return short(`decide again, after: ${wake.for.error}`);
  if ('untilMs' in wake.for) {
    const { deadline } = wake.for;
    return short(`${deadline.channel}: ${deadline.rule} is called off if nobody approves it until then`);
  }
  const { channel, rule, unless } = wake.for;
  return short(`${channel}: ${rule}${unless === undefined ? '' : ` unless another ${unless}`}`);
}

/** What the Temporal UI shows of a running transient, as markdown. */
export function transientDetails(objectId: string, clock: Clock, status: TransientStatus): string {
  const { alerts, queued, problem, running, failed, reacting, waiting, approvals = [] } = status;
  const until = (dueJd: number): string =>
    clock === 'live'
      ? `${new Date(unixMsOfJd(dueJd)).toISOString().slice(0, 16)} UTC`
      : `JD ${dueJd.toFixed(4)} of stream ${clock.stream}`;
  const lines = [
    ...(queued > 0 ? [`alerts that wait for their decision: ${queued}`] : []),
    ...(problem ? [`decisions fail (${problem.attempts} times): ${problem.error}`] : []),
    ...running.map((unit) => `runs ${unit}`),
    ...failed.map(({ unit, link, error }) => `**failed**: ${unit} on state ${link}: ${error}`),
    ...reacting.map((rule) => `reacts: ${rule}`),
    ...approvals.map((key) => `**waits for approval**: ${key}`),
    ...waiting.map(({ channel, rule, dueJd }) => `waits: ${channel}: ${rule}, until ${until(dueJd)}`),
  ];
  const more = lines.length > MAX_LINES ? [`and ${lines.length - MAX_LINES} more`] : [];
  const list = [...lines.slice(0, MAX_LINES), ...more].map((line) => `\n- ${line}`).join('');
  return `**${objectId}**, alerts decided: ${alerts}\n${list}`;
}

function short(text: string): string {
  return text.slice(0, MAX_SUMMARY_LENGTH);
}
