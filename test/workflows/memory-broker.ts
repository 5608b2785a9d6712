import type { Channel, ReactionRule } from '../../model/channel.js';
import { splitCalledOff, splitDue, type Deadline } from '../../model/deadline.js';
import { deadlinesOf } from '../../model/reaction-rules.js';
import type {
  DecideOutcome,
  DecideRequest,
  DecisionNote,
  DetectionRef,
  ReactActivities,
  UnitActivities,
  UnitTask,
} from '../../model/transient.js';

type RunUnitRequest = Parameters<UnitActivities['runUnit']>[0];
type ReactRequest = Parameters<ReactActivities['react']>[0];

export type Rule = Pick<ReactionRule, 'name' | 'when' | 'afterDays' | 'unless'>;

const HASH = 'abcdef123456';

/**
 * The activities of a transient without a data base: one channel that accepts all alerts but those called `bogus…`, with
 * the rules of the model. As the store does, it remembers what was accepted and set off.
 */
export class MemoryBroker {
  /** What was done, in words: `decided 1`, `called off ask`, `T2Fit on state-1`, `ask of 1`. */
  readonly log: string[] = [];
  readonly requests: DecideRequest[] = [];
  /** Reactions that were sent, in the order of sending. */
  readonly sent: Deadline[] = [];
  private readonly channel: Channel;
  private readonly firstAlerts = new Map<string, string>();
  private readonly settled = new Map<string, readonly string[]>();

  constructor(rules: readonly Rule[] = [], units: readonly string[] = []) {
    const use = { version: '1.0.0', config: {}, configHash: 'c0' };
    this.channel = {
      ...{
        name: 'HU_RAPID',
        version: '1.0.0',
        streams: ['ztf'],
        access: [],
        t0: { ztf: { unit: 'DecentFilter', ...use } },
      },
      t2: units.map((unit) => ({ unit, ...use })),
      t3: rules.map((rule) => ({ unit: 'WebhookReaction', ...use, ...rule })),
    };
  }

  detection(alertId: string, jd: number): DetectionRef {
    return { alertId, jd, channels: [`${this.channel.name}@${HASH}`] };
  }

  readonly decide = (request: DecideRequest): Promise<DecideOutcome> => {
    const { stock, detections } = request;
    this.requests.push(request);
    const settled = new Set(request.settled ?? this.settled.get(stock) ?? []);
    const due: Deadline[] = [];
    const tasks: UnitTask[] = [];
    let pending = request.pending;
    for (const detection of detections) {
      const passed = splitDue(pending, detection.jd);
      due.push(...passed.due);
      pending = passed.waiting;
      this.log.push(`decided ${detection.alertId}`);
      if (!isAccepted(detection)) continue;
      const set = this.setOff(stock, detection).filter(({ key }) => !settled.has(key));
      for (const { key } of set) settled.add(key);
      due.push(...set.filter(({ dueJd }) => dueJd <= detection.jd));
      pending = [...this.callOff(pending, detection.jd), ...set.filter(({ dueJd }) => dueJd > detection.jd)];
      tasks.push(...this.tasks(stock, detection));
    }
    this.settled.set(stock, [...settled]);
    const decisions = detections.map((detection) => this.note(detection));
    return Promise.resolve({ decisions, tasks, due, pending, settled: [...settled], computed: 0 });
  };

  readonly runUnit = ({ stock, task }: RunUnitRequest): ReturnType<UnitActivities['runUnit']> => {
    this.log.push(`${task.unit} on ${task.link}`);
    const { alertId, jd, link } = task;
    const what = { channel: this.channel, channelHash: HASH, stock, alertId, jd, link };
    const deadlines = deadlinesOf({
      ...what,
      ...NO_CONDITIONS,
      isFirst: false,
      isDetection: false,
      results: [task.unit],
    });
    return Promise.resolve({ code: 0, deadlines });
  };

  readonly react = ({ deadline }: ReactRequest): ReturnType<ReactActivities['react']> => {
    this.log.push(`${deadline.rule} of ${deadline.alertId}`);
    this.sent.push(deadline);
    return Promise.resolve({ state: 'confirmed' });
  };

  private note(detection: DetectionRef): DecisionNote {
    const what = { alertId: detection.alertId, channel: `${this.channel.name}@${HASH}` };
    if (!isAccepted(detection)) return { ...what, accepted: false, reason: 'rb', value: 0.1, limit: 0.3 };
    return { ...what, accepted: true, state: linkOf(detection) };
  }

  private tasks(stock: string, detection: DetectionRef): UnitTask[] {
    const link = linkOf(detection);
    const { alertId, jd, channels } = detection;
    return this.channel.t2.map(({ unit }) => {
      return { key: `${stock}/${unit}/${link}`, unit, link, alertId, jd, channels };
    });
  }

  private callOff(pending: readonly Deadline[], jd: number): readonly Deadline[] {
    const { calledOff, waiting } = splitCalledOff(pending, this.channel.name, jd);
    for (const { rule } of calledOff) this.log.push(`called off ${rule}`);
    return waiting;
  }

  private setOff(stock: string, detection: DetectionRef): Deadline[] {
    const { alertId, jd } = detection;
    const first = this.firstAlerts.get(stock) ?? alertId;
    this.firstAlerts.set(stock, first);
    const what = { channel: this.channel, channelHash: HASH, stock, alertId, jd, link: linkOf(detection) };
    return deadlinesOf({ ...what, ...NO_CONDITIONS, isFirst: first === alertId, isDetection: true, results: [] });
  }
}

/** Its rules have no expressions and know no `within`. */
const NO_CONDITIONS = { firstJd: 0, holds: () => undefined };

function isAccepted({ alertId }: DetectionRef): boolean {
  return !alertId.startsWith('bogus');
}

function linkOf({ alertId }: DetectionRef): string {
  return `state-${alertId}`;
}
