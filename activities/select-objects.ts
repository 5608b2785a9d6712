import type { PeriodicRule } from '../model/channel.js';
import { jdOfUnixMs } from '../model/julian-date.js';
import { runKey, type RunPlan, type RunRequest } from '../model/periodic-run.js';
import type { SelectionOrder } from '../model/selection.js';
import type { RunObjectDocument } from '../store/run-documents.js';
import type { Store } from '../store/store.js';
import { selectionQuery } from '../units/selection/selection-query.js';
import { statePosition } from './state-position.js';
import { candidates } from './candidates.js';
import { channelRef, type ChannelRevisions, type ReadyChannel } from './channel-revisions.js';
import { judged, judgedBy } from './judge-condition.js';
import { periodicRuleOf } from './periodic-rule.js';
import { selectedObject, type Candidate } from './selected-object.js';
import { knownResults, readStateViews, type StateView, type WantedOfStates } from './state-view.js';
import { currentTrace } from './trace.js';

/** What a run keeps of an object that matches, until all are known. */
interface Match extends Pick<Candidate, 'survey' | 'stock' | 'objectId' | 'link' | 'jd' | 'alertId'> {
  /** The smaller, the further to the front; undefined: at the end. */
  readonly rank?: number;
}

/**
 * Chooses what a run is about and writes it down. What an earlier attempt has written to the end stays; `beat` is told often how
 * many objects were looked at.
 */
export async function selectObjects(
  store: Store,
  revisions: ChannelRevisions,
  request: RunRequest,
  beat: (looked: number) => void,
): Promise<RunPlan> {
  const key = runKey(request);
  const { channel, channelHash, rule: name } = request;
  const ready = await revisions.get(channelRef({ channel: { name: channel }, hash: channelHash }));
  const rule = periodicRuleOf(ready, name);
  const before = await store.runs.findOne({ _id: key });
  if (before !== null) return { ...before, key, tell: rule.tell };
  const dueJd = jdOfUnixMs(request.dueMs);
  const selection = new Selecting(store, ready, rule, dueJd);
  const { looked, matches } = await selection.run(beat);
  const selected = matches.slice(0, rule.select.limit);
  await writeObjects(store, key, { channel, rule: name, dueJd }, selected);
  const counts = { looked, matched: matches.length, selected: selected.length };
  const document = { channel, channelHash, rule: name, dueJd, ...counts, trace: currentTrace(), at: new Date() };
  await store.runs.updateOne({ _id: key }, { $setOnInsert: document }, { upsert: true });
  return { key, tell: rule.tell, ...counts };
}

class Selecting {
  private readonly wanted: WantedOfStates;
  private readonly isWanted: ReturnType<typeof selectionQuery> | undefined;

  constructor(
    private readonly store: Store,
    private readonly ready: ReadyChannel,
    private readonly rule: PeriodicRule,
    private readonly dueJd: number,
  ) {
    this.wanted = wantedOf(rule);
    this.isWanted = rule.select.query && selectionQuery(rule.select.query);
  }

  /** All that match, in the rule's order. */
  async run(beat: (looked: number) => void): Promise<{ looked: number; matches: Match[] }> {
    const { store, ready, rule, dueJd, wanted } = this;
    const channel = ready.channel.name;
    const last = await store.runs.findOne({ channel, rule: rule.name, dueJd: { $lt: dueJd } }, { sort: { dueJd: -1 } });
    const matches: Match[] = [];
    let looked = 0;
    const query = { channel, rule, dueJd, ...(last !== null && { lastDueJd: last.dueJd }), wanted };
    for await (const batch of candidates(store, query)) {
      matches.push(...(await this.matchesOf(batch)));
      looked += batch.length;
      beat(looked);
    }
    return { looked, matches: inOrder(matches) };
  }

  private async matchesOf(batch: readonly Candidate[]): Promise<Match[]> {
    const { store, ready, wanted } = this;
    const needsViews = wanted.points || wanted.units?.length !== 0;
    const views = needsViews ? await readStateViews(store, batch, ready, wanted) : undefined;
    const matches: Match[] = [];
    for (const candidate of batch) {
      const match = await this.matchOf(candidate, views?.get(candidate._id) ?? NOTHING_KNOWN);
      if (match !== undefined) matches.push(match);
    }
    return matches;
  }

  private async matchOf(candidate: Candidate, view: StateView): Promise<Match | undefined> {
    const { where, order } = this.rule.select;
    if (where !== undefined && !(await this.holds(candidate, view))) return undefined;
    if (this.isWanted !== undefined) {
      const position = await statePosition(this.store, candidate, view.datapoints);
      if (!this.isWanted(selectedObject(candidate, view, position))) return undefined;
    }
    const { survey, stock, objectId, link, jd, alertId } = candidate;
    const rank = rankOf(order, view);
    return { survey, stock, objectId, link, jd, alertId, ...(rank !== undefined && { rank }) };
  }

  /** Where the newest state has not all results yet, by the newest that has. */
  private async holds({ survey, stock }: Candidate, view: StateView): Promise<boolean> {
    const { store, ready, rule, dueJd } = this;
    const { where } = rule.select;
    if (where === undefined) return true;
    const holding =
      judged(ready, where, knownResults(view)) ?? (await judgedBy(store, ready, where, { survey, stock, jd: dueJd }));
    return holding?.holds === true;
  }
}

const NOTHING_KNOWN: StateView = { datapoints: [], results: [] };

/** What has to be read of the objects' states: all of it takes long. */
function wantedOf({ select: { where, query, order } }: PeriodicRule): WantedOfStates {
  if (query !== undefined) return { points: true };
  const ofOrder = typeof order === 'object' ? order.by : undefined;
  const texts = [where?.holds ?? '', ofOrder?.holds ?? ''].join(' ');
  return {
    points: order === 'brightest' || /\bstate\b/.test(texts),
    units: [...new Set([...(where?.units ?? []), ...(ofOrder?.units ?? [])])],
  };
}

function rankOf(order: SelectionOrder | undefined, view: StateView): number | undefined {
  if (order === undefined || order === 'newest') return undefined;
  const { state, results } = knownResults(view);
  const path = order === 'brightest' ? ['state', 'lastMag'] : order.by.holds.split('.');
  let value: unknown = { ...results, state };
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
  return order !== 'brightest' && order.descending ? -value : value;
}

/** What has no rank comes last, and what has the same stays from the newest back. */
function inOrder(matches: readonly Match[]): Match[] {
  return matches.toSorted((a, b) => {
    const [rankA, rankB] = [a.rank ?? Number.POSITIVE_INFINITY, b.rank ?? Number.POSITIVE_INFINITY];
    return rankA === rankB ? 0 : rankA - rankB;
  });
}

const WRITES_TOGETHER = 1000;

async function writeObjects(
  store: Store,
  run: string,
  of: Pick<RunObjectDocument, 'channel' | 'rule' | 'dueJd'>,
  matches: readonly Match[],
): Promise<void> {
  // What an attempt that ended too soon has chosen.
  await store.runObjects.deleteMany({ run });
  for (let from = 0; from < matches.length; from += WRITES_TOGETHER) {
    const documents = matches
      .slice(from, from + WRITES_TOGETHER)
      .map(({ survey, stock, objectId, link, jd, alertId }, index) => ({
        _id: `${run}/${stock}`,
        run,
        ...of,
        place: from + index,
        ...{ survey, stock, objectId, link, jd, alertId },
      }));
    await store.runObjects.bulkWrite(
      documents.map(({ _id, ...document }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: document }, upsert: true },
      })),
      { ordered: false },
    );
  }
}
