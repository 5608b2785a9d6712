import type { Datapoint } from '../model/datapoint.js';
import { splitCalledOff, splitDue, type Deadline } from '../model/deadline.js';
import { deadlinesOf } from '../model/reaction-rules.js';
import type { DecideOutcome, DecideRequest, DecisionNote, DetectionRef, UnitTask } from '../model/transient.js';
import type { AlertDocument, StockDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { Survey } from '../streams/survey.js';
import { surveyNamed } from '../streams/surveys.js';
import type { ChannelRevisions, ReadyChannel } from './channel-revisions.js';
import { combineState, type CombinedState } from './combine.js';
import { computeUnits } from './compute.js';
import { DecisionWrites } from './decision-writes.js';
import { currentTrace } from './trace.js';

/** What is stored of one object: all that a decision is made from. */
interface Known {
  readonly stock: StockDocument;
  /** The alerts to decide on, with the candidate. */
  readonly alerts: ReadonlyMap<string, AlertDocument>;
  /** Order of each alert in the object's life; the alerts to decide on come last unless they were decided before. */
  readonly sequences: ReadonlyMap<string, number>;
  /** Ids of the datapoints that each alert brought, by alert. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly datapoints: ReadonlyMap<string, Datapoint>;
}

/**
 * T0, T1 and light T2 of some alerts of one object, in their order. Computed from what is stored up to each alert and
 * written by keys, so that running it again, at any time, gives the same documents and the same outcome.
 */
export async function decide(
  store: Store,
  revisions: ChannelRevisions,
  request: DecideRequest,
): Promise<DecideOutcome> {
  const survey = surveyNamed(request.survey);
  const known = await loadKnown(store, request);
  const settled = request.settled ?? (await settledKeys(store, request.stock));
  const step = new DecisionStep(request, survey, known, settled, new DecisionWrites(store, request, currentTrace()));
  for (const detection of request.detections) {
    const channels = await Promise.all(detection.channels.map((ref) => revisions.get(ref)));
    step.advance(detection, channels);
  }
  await step.writes.flush(step.pending, step.waited);
  return step.outcome();
}

async function loadKnown(store: Store, request: DecideRequest): Promise<Known> {
  const ids = request.detections.map(({ alertId }) => `${request.survey}:${alertId}`);
  const [alertsFound, listsFound, stocksFound] = await Promise.all([
    store.grouped.alerts.read(ids),
    store.grouped.alertLists.read([request.objectId]),
    store.grouped.stocks.read([request.stock]),
  ]);
  const stock = stocksFound.get(request.stock)?.[0];
  const found = [...alertsFound.values()].flat();
  const missing = request.detections.find(({ alertId }) => !found.some((alert) => alert.alertId === alertId));
  // A packet may claim the id of another object's alert: that alert is the other's to decide on.
  const alerts = new Map(
    found.filter(({ objectId }) => objectId === request.objectId).map((alert) => [alert.alertId, alert]),
  );
  if (stock === undefined || missing !== undefined) {
    throw new Error(
      `${request.objectId}: ${missing === undefined ? 'its stock' : `alert ${missing.alertId}`} is not in the store`,
    );
  }
  const lists = listsFound.get(request.objectId) ?? [];
  const sequences = sequencesOf(
    lists,
    request.detections.filter(({ alertId }) => alerts.has(alertId)),
  );
  const wanted = new Set(lists.filter(({ alertId }) => sequences.has(alertId)).flatMap(({ datapoints }) => datapoints));
  const datapoints = await store.grouped.datapoints.read([...wanted].map((id) => `${request.survey}:${id}`));
  return {
    stock,
    alerts,
    sequences,
    lists: new Map(lists.map(({ alertId, datapoints }) => [alertId, datapoints])),
    datapoints,
  };
}

/** Alerts decided before keep their order; new ones follow in the order of the request. */
function sequencesOf(
  lists: readonly Pick<AlertDocument, 'alertId' | 'sequence'>[],
  detections: readonly DetectionRef[],
): Map<string, number> {
  const sequences = new Map(
    lists.flatMap(({ alertId, sequence }) => (sequence === undefined ? [] : [[alertId, sequence]])),
  );
  let last = Math.max(0, ...sequences.values());
  for (const { alertId } of detections) if (!sequences.has(alertId)) sequences.set(alertId, ++last);
  return sequences;
}

async function settledKeys(store: Store, stock: string): Promise<string[]> {
  const reactions = await store.reactions.find({ stock }, { projection: { _id: 1 } }).toArray();
  return reactions.map(({ _id }) => _id);
}

/** The decisions of one call, alert after alert. */
class DecisionStep {
  pending: readonly Deadline[];
  /** Keys of all deadlines that were pending at any moment of this step. */
  readonly waited: Set<string>;
  private readonly settled: Set<string>;
  private readonly decisions: DecisionNote[] = [];
  private readonly tasks = new Map<string, UnitTask>();
  private readonly due: Deadline[] = [];
  private readonly firstAlert: Map<string, string>;
  private computed = 0;

  constructor(
    private readonly request: DecideRequest,
    private readonly survey: Survey,
    private readonly known: Known,
    settled: readonly string[],
    readonly writes: DecisionWrites,
  ) {
    this.pending = request.pending;
    this.waited = new Set(request.pending.map(({ key }) => key));
    this.settled = new Set(settled);
    this.firstAlert = new Map(
      Object.entries(known.stock.channels ?? {}).map(([channel, { firstAlertId }]) => [channel, firstAlertId]),
    );
  }

  advance(detection: DetectionRef, channels: readonly ReadyChannel[]): void {
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
    const datapoints = alert.datapoints.flatMap((id) => this.known.datapoints.get(id) ?? []);
    const accepting: { ready: ReadyChannel; state: CombinedState }[] = [];
    for (const ready of channels) {
      const input = this.survey.filterInput({ candidate: alert.candidate, datapoints }, ready.channel.access);
      const verdict = ready.filter(input);
      const state = verdict.accepted ? this.combine(alert, sequence, ready) : undefined;
      if (state !== undefined) accepting.push({ ready, state });
      this.decisions.push({
        alertId: alert.alertId,
        channel: ready.ref,
        ...verdict,
        ...(state && { state: state.link }),
      });
      this.writes.decision(alert, sequence, ready, verdict, state);
    }
    this.writes.decided(alert, sequence);
    this.compute(alert, sequence, accepting);
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

  private combine(alert: AlertDocument, sequence: number, ready: ReadyChannel): CombinedState {
    const ids = new Set<string>();
    for (const [alertId, list] of this.known.lists) {
      if ((this.known.sequences.get(alertId) ?? Infinity) <= sequence) for (const id of list) ids.add(id);
    }
    const points = [...ids].flatMap((id) => this.known.datapoints.get(id) ?? []);
    return combineState(this.survey, points, alert, ready.channel.access);
  }

  private compute(
    alert: AlertDocument,
    sequence: number,
    accepting: readonly { ready: ReadyChannel; state: CombinedState }[],
  ): void {
    const { results, tasks } = computeUnits(alert, accepting);
    for (const task of tasks) this.ask(task);
    for (const result of results) this.writes.result(alert, sequence, result);
    this.computed += results.length;
    for (const { ready, state } of accepting) {
      const units = results
        .filter(({ channels, link }) => link === state.link && channels.includes(ready.ref))
        .map(({ use }) => use.unit);
      this.react(alert, ready, state, units);
    }
  }

  /** The first alert that leads to a state is the one that asked, in whatever portions the alerts are decided on. */
  private ask(task: UnitTask): void {
    const first = this.tasks.get(task.key) ?? task;
    this.tasks.set(task.key, { ...first, channels: [...new Set([...first.channels, ...task.channels])] });
  }

  private react(alert: AlertDocument, ready: ReadyChannel, state: CombinedState, results: readonly string[]): void {
    const { channel, hash } = ready;
    const first = this.firstAlert.get(channel.name) ?? alert.alertId;
    if (!this.firstAlert.has(channel.name)) this.firstAlert.set(channel.name, first);
    if (first === alert.alertId) this.writes.firstAccepted(alert, channel.name);
    const { calledOff, waiting } = splitCalledOff(this.pending, channel.name, alert.jd);
    this.pending = waiting;
    this.writes.calledOff(calledOff, ready);
    const set = deadlinesOf({
      ...{ channel, channelHash: hash, stock: alert.stock, alertId: alert.alertId, jd: alert.jd, link: state.link },
      ...{ isFirst: first === alert.alertId, isDetection: true, results },
    }).filter(({ key }) => !this.settled.has(key));
    for (const deadline of set) {
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
