import { newDeadlines, splitCalledOff, splitDue, type Deadline } from '../model/deadline.js';
import { onKnownObject, type Verdict } from '../model/decision.js';
import { deadlinesOf } from '../model/reaction-rules.js';
import { stateFacts } from '../model/state-facts.js';
import {
  forAll,
  type DecideOutcome,
  type DecideRequest,
  type DecisionNote,
  type DetectionRef,
  type UnitTask,
} from '../model/transient.js';
import type { AlertDocument } from '../store/documents.js';
import type { Survey } from '../streams/survey.js';
import type { ReadyChannel } from './channel-revisions.js';
import { combineState, earlierStates, type CombinedState } from './combine.js';
import { computeUnits, type Accepting, type ComputedResult } from './compute.js';
import type { DecisionWrites } from './decision-writes.js';
import type { AcceptedState } from './accepted-states.js';
import type { KnownObject } from './known-object.js';
import { neighboursFor } from './neighbours.js';
import { withoutComparisons } from './ready-unit.js';
import { holdsIn } from './set-off.js';
import { inOrder, resultsByUnit } from './state-view.js';

/** Light units that did not end in time in this process. */
const slowUnits = new Set<string>();

/** A channel that accepted the alert that is decided on. */
interface Accepted extends Accepting {
  /** True where it is the first of the object. */
  readonly isFirst: boolean;
}

/** The decisions of one call, alert after alert. */
export class DecisionStep {
  pending: readonly Deadline[];
  /** Keys of all deadlines that were pending at any moment of this step. */
  readonly waited: Set<string>;
  private readonly settled: Set<string>;
  private readonly decisions: DecisionNote[] = [];
  private readonly tasks = new Map<string, UnitTask>();
  private readonly due: Deadline[] = [];
  private readonly firstAlert: Map<string, string>;
  private readonly firstJd: Map<string, number>;
  private readonly accepted: Map<string, readonly AcceptedState[]>;
  private computed = 0;

  constructor(
    private readonly request: DecideRequest,
    private readonly survey: Survey,
    private readonly known: KnownObject,
    settled: readonly string[],
    readonly writes: DecisionWrites,
  ) {
    this.pending = request.pending;
    this.waited = new Set(request.pending.map(({ key }) => key));
    this.settled = new Set(settled);
    this.firstAlert = new Map(
      Object.entries(known.stock.channels ?? {}).map(([channel, { firstAlertId }]) => [channel, firstAlertId]),
    );
    this.firstJd = new Map(
      Object.entries(known.stock.channels ?? {}).map(([channel, { firstJd }]) => [channel, firstJd]),
    );
    this.accepted = new Map(known.accepted);
  }

  async advance(detection: DetectionRef, channels: readonly ReadyChannel[]): Promise<void> {
    const alert = this.known.alerts.get(detection.alertId);
    if (alert === undefined) return;
    const missing = alert.datapoints.find((id) => !this.known.datapoints.has(id));
    // Tried again rather than decided without it.
    if (missing !== undefined) throw new Error(`datapoint ${missing} of alert ${alert._id} is not in the store`);
    const sequence = this.known.sequences.get(alert.alertId) ?? 0;
    // What fell due before this alert comes first.
    const { due, waiting } = splitDue(this.pending, alert.jd);
    this.due.push(...due);
    this.pending = waiting;
    const accepting: Accepted[] = [];
    for (const ready of channels) {
      const verdict = this.judge(alert, sequence, ready);
      const state = verdict.accepted ? this.combine(alert, sequence, ready) : undefined;
      this.decisions.push({
        alertId: alert.alertId,
        channel: ready.ref,
        ...verdict,
        ...(state && { state: state.link }),
      });
      this.writes.decision(alert, sequence, ready, verdict, state);
      if (state !== undefined && verdict.accepted) {
        accepting.push(this.accept(alert, sequence, ready, state, verdict.group));
      }
    }
    this.writes.decided(alert, sequence);
    await this.compute(alert, sequence, accepting);
  }

  outcome(): DecideOutcome {
    const { detections, pending } = this.request;
    return {
      took: { alerts: detections.map(({ alertId }) => alertId), deadlines: pending.map(({ key }) => key) },
      decisions: this.decisions,
      tasks: [...this.tasks.values()],
      due: this.due,
      pending: this.pending,
      settled: [...this.settled],
      computed: this.computed,
    };
  }

  private judge(alert: AlertDocument, sequence: number, ready: ReadyChannel): Verdict {
    const { channel, filters } = ready;
    const filter = filters.get(this.request.survey);
    if (filter === undefined) throw new Error(`${ready.ref} has no filter for ${this.request.survey}`);
    const datapoints = alert.datapoints.flatMap((id) => this.known.datapoints.get(id) ?? []);
    const { objectId, candidate } = alert;
    const input = this.survey.filterInput({ objectId, candidate, datapoints }, channel.access);
    const isKnown = channel.onStockMatch !== undefined && this.isKnown(channel.name, alert.alertId, sequence);
    if (isKnown && channel.onStockMatch === 'bypass' && input !== undefined) {
      return onKnownObject({ accepted: true }, 'bypass');
    }
    const verdict = filter.judge(input);
    return isKnown ? onKnownObject(verdict, channel.onStockMatch) : verdict;
  }

  /** True where the channel accepted the object before this alert, however often this is asked. */
  private isKnown(channel: string, alertId: string, sequence: number): boolean {
    const first = this.firstAlert.get(channel);
    return first !== undefined && first !== alertId && (this.known.sequences.get(first) ?? 0) < sequence;
  }

  private combine(alert: AlertDocument, sequence: number, ready: ReadyChannel): CombinedState {
    const ids = new Set<string>();
    for (const [alertId, list] of this.known.lists) {
      if ((this.known.sequences.get(alertId) ?? Infinity) <= sequence) for (const id of list) ids.add(id);
    }
    const points = [...ids].flatMap((id) => this.known.datapoints.get(id) ?? []);
    const own = { survey: this.survey, points };
    const neighbours = neighboursFor(this.known.neighbourhood, ready, alert.alertId, own);
    return combineState(this.survey, points, alert, ready.channel, neighbours);
  }

  private accept(
    alert: AlertDocument,
    sequence: number,
    ready: ReadyChannel,
    state: CombinedState,
    group: number | undefined,
  ): Accepted {
    const { name } = ready.channel;
    const first = this.firstAlert.get(name) ?? alert.alertId;
    if (!this.firstAlert.has(name)) {
      this.firstAlert.set(name, first);
      this.firstJd.set(name, alert.jd);
    }
    if (first === alert.alertId) this.writes.firstAccepted(alert, name);
    const before = (this.accepted.get(name) ?? []).filter((one) => one.sequence < sequence);
    this.accepted.set(name, [...before, { sequence, link: state.link }]);
    const links = [...new Set([...before.map(({ link }) => link), state.link])];
    const [firstAccepted] = this.known.lists.get(first) ?? alert.datapoints;
    return {
      ...{ ready, state, links, isFirst: first === alert.alertId },
      ...(group !== undefined && { group }),
      ...(firstAccepted !== undefined && { firstAccepted }),
    };
  }

  private async compute(alert: AlertDocument, sequence: number, accepting: readonly Accepted[]): Promise<void> {
    await this.completeRetro(alert, sequence, accepting);
    const results = await this.computeStates(alert, alert.jd, sequence, accepting);
    for (const one of accepting) {
      const mine = results.filter(({ channels }) => channels.includes(one.ready.ref));
      this.react(alert, one, mine);
    }
  }

  /** The first acceptance of an object by a channel that wants it: states for what was measured before. */
  private async completeRetro(alert: AlertDocument, sequence: number, accepting: readonly Accepted[]): Promise<void> {
    for (const one of accepting) {
      const { ready, state, isFirst } = one;
      if (!isFirst || ready.channel.t1?.retro !== true) continue;
      const links: string[] = [];
      for (const { jd, ...earlier } of earlierStates(state)) {
        if (!links.includes(earlier.link)) links.push(earlier.link);
        this.writes.state(alert, jd, ready, earlier);
        const past = { ...ready, units: withoutComparisons(ready.units) };
        await this.computeStates(
          alert,
          jd,
          sequence,
          [{ ...one, ready: past, state: earlier, links: [...links] }],
          true,
        );
      }
    }
  }

  private async computeStates(
    alert: AlertDocument,
    jd: number,
    sequence: number,
    accepting: readonly Accepting[],
    isRetro = false,
  ): Promise<readonly ComputedResult[]> {
    const { results, tasks } = await computeUnits({ ...alert, jd }, accepting, slowUnits);
    for (const task of tasks) this.ask(isRetro ? { ...task, quiet: true } : task);
    for (const result of results) this.writes.result(alert, sequence, result);
    this.computed += results.length;
    return results;
  }

  /** The first alert that leads to a state is the one that asked, in whatever portions the alerts are decided on. */
  private ask(task: UnitTask): void {
    this.tasks.set(task.key, forAll(this.tasks.get(task.key) ?? task, task));
  }

  private react(alert: AlertDocument, accepted: Accepted, results: readonly ComputedResult[]): void {
    const { ready, state, isFirst, group } = accepted;
    const { channel, hash } = ready;
    const { calledOff, waiting } = splitCalledOff(this.pending, channel.name, alert.jd);
    this.pending = waiting;
    this.writes.calledOff(calledOff, ready);
    const found = results.map(({ use, link, body }) => ({ unit: use.unit, link, body }));
    const set = deadlinesOf({
      ...{ channel, channelHash: hash, stock: alert.stock, alertId: alert.alertId, jd: alert.jd, link: state.link },
      ...{ isFirst, isDetection: true, results: found.map(({ unit }) => unit), ...(group !== undefined && { group }) },
      firstJd: this.firstJd.get(channel.name) ?? alert.jd,
      holds: (rule) => {
        const byUnit = resultsByUnit(inOrder(found, state.datapoints));
        return holdsIn(ready, rule, { results: byUnit, state: stateFacts(state.datapoints) });
      },
    });
    for (const deadline of newDeadlines(set, this.settled)) {
      this.settled.add(deadline.key);
      if (deadline.dueJd <= alert.jd) {
        this.due.push(deadline);
        continue;
      }
      this.pending = [...this.pending, deadline];
      this.waited.add(deadline.key);
    }
  }
}
