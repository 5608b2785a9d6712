import { jdOfUnixMs } from '../../model/julian-date.js';
import { latestCutouts } from '../../activities/latest-cutouts.js';
import type { Channel } from '../../model/channel.js';
import { datapointKeys, datapointOf, RESULT_CODE, type StateDocument } from '../../store/documents.js';
import { nightReceipts, type JdRange } from '../../store/night-receipts.js';
import { readObjectStory, type ObjectStory } from '../../store/object-story.js';
import type { Store } from '../../store/store.js';
import { modelCurves } from '../../units/model-curves.js';
import { loadRegistry, type Registry } from '../../units/registry.js';
import { viewOf } from '../channel-view.js';
import { decisionSentences, type MeaningOf } from '../decision-sentence.js';
import { objectDecisions, registeredMeanings } from '../object-decisions.js';
import { objectLinks } from './object-links.js';
import type { Candidate, NightReport, ReportedRun } from './night-report.js';

/** The event times of a night: of a UTC date. */
export function nightRange(night: string): JdRange {
  const fromJd = jdOfUnixMs(Date.parse(`${night}T00:00:00Z`));
  return { fromJd, toJd: fromJd + 1 };
}

export interface NightWanted {
  readonly night: string;
  readonly channel: Channel;
  /** So many objects are told of in full. */
  readonly most: number;
  readonly onProgress: (done: number, of: number) => void;
}

/** Reads what there is to tell of a night. */
export async function readNight(store: Store, { night, channel, most, onProgress }: NightWanted): Promise<NightReport> {
  const range = nightRange(night);
  const [receipts, objects, runs, meaningOf, registry] = await Promise.all([
    nightReceipts(store, channel.name, range),
    acceptedObjects(store, channel.name, range),
    readRuns(store, channel.name, range),
    registeredMeanings(),
    loadRegistry(),
  ]);
  const filters = Object.values(channel.t0).map(({ unit }) => unit);
  const candidates: Candidate[] = [];
  for (const { stock, isNew } of objects.slice(0, most)) {
    const candidate = await readCandidate(store, { stock, isNew, channel, range }, { meaningOf, registry });
    if (candidate !== undefined) candidates.push(candidate);
    onProgress(candidates.length, Math.min(most, objects.length));
  }
  const { name, version, description } = channel;
  return {
    ...{ night, channel: { name, version, ...(description !== undefined && { description }) }, madeAt: new Date() },
    streams: receipts.streams,
    refused: receipts.refused.map(({ reason, count }) => {
      const meaning = filters.map((unit) => meaningOf(unit, reason)).find((text) => text !== undefined);
      return { reason, count, ...(meaning !== undefined && { meaning }) };
    }),
    accepted: { objects: objects.length, newObjects: objects.filter(({ isNew }) => isNew).length },
    candidates,
    others: objects.slice(most).map(({ name: other }) => other),
    runs,
  };
}

interface Accepted {
  readonly stock: string;
  readonly name: string;
  readonly isNew: boolean;
}

/** Objects of which an alert of the night was accepted: those that are new first, then those seen last. */
async function acceptedObjects(store: Store, channel: string, { fromJd, toJd }: JdRange): Promise<Accepted[]> {
  const stocks = await store.states
    .aggregate<{ _id: string; jd: number }>([
      { $match: { channels: channel, jd: { $gte: fromJd, $lt: toJd } } },
      { $group: { _id: '$stock', jd: { $max: '$jd' } } },
    ])
    .toArray();
  const known = await store.stocks
    .find({ _id: { $in: stocks.map(({ _id }) => _id) } })
    .project<{ _id: string; names: string[]; channels?: Record<string, { firstJd: number }> }>({
      names: 1,
      channels: 1,
    })
    .toArray();
  const byStock = new Map(known.map((stock) => [stock._id, stock]));
  return stocks
    .map(({ _id: stock, jd }) => {
      const { names = [], channels } = byStock.get(stock) ?? {};
      return { stock, jd, name: names[0] ?? stock, isNew: (channels?.[channel]?.firstJd ?? 0) >= fromJd };
    })
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || b.jd - a.jd || a.name.localeCompare(b.name));
}

interface CandidateWanted {
  readonly stock: string;
  readonly isNew: boolean;
  readonly channel: Channel;
  readonly range: JdRange;
}

/** Undefined where the channel's present revision may not see it any more. */
async function readCandidate(
  store: Store,
  { stock, isNew, channel, range: { toJd } }: CandidateWanted,
  { meaningOf, registry }: { readonly meaningOf: MeaningOf; readonly registry: Registry },
): Promise<Candidate | undefined> {
  const document = await store.stocks.findOne({ _id: stock });
  if (document === null) return undefined;
  const story = await viewOf(store, await readObjectStory(store, document), channel).catch(() => undefined);
  const state = story?.states.findLast(({ jd }) => jd < toJd);
  if (story === undefined || state === undefined) return undefined;
  const [objectId = stock] = story.stock.names;
  const decisions = await objectDecisions(store, story, [], channel.name);
  const datapoints = pointsOf(story, state);
  const results = resultsOf(story, state);
  const stamps = await latestCutouts(store, channel, stock, state.jd);
  return {
    ...{ objectId, isNew, position: story.stock.position },
    ...{ datapoints, results, curves: modelCurves(registry, results, datapoints), ...(stamps && { stamps }) },
    links: objectLinks(story.stock.survey, objectId, story.stock.position),
    decisions: decisionSentences(
      decisions.filter(({ jd }) => jd < toJd),
      meaningOf,
    ),
    reactions: story.reactions
      .filter(({ dueJd }) => dueJd < toJd)
      .map(({ rule, unit, state: reached, answer }) => ({ rule, unit, state: reached, answer: answer?.status ?? '' })),
  };
}

function pointsOf({ datapoints, stock }: ObjectStory, state: StateDocument): Candidate['datapoints'] {
  const keys = new Set(datapointKeys(state, stock.survey));
  return datapoints.filter(({ _id }) => keys.has(_id)).map(datapointOf);
}

function resultsOf({ results, stock }: ObjectStory, { link, datapoints }: StateDocument): Candidate['results'] {
  const links = new Set([link, stock._id, ...datapoints]);
  return results
    .filter((result) => result.code === RESULT_CODE.ok && links.has(result.link))
    .map(({ unit, version, body }) => ({ unit, version, body }));
}

async function readRuns(store: Store, channel: string, { fromJd, toJd }: JdRange): Promise<ReportedRun[]> {
  const runs = await store.runs
    .find({ channel, dueJd: { $gte: fromJd, $lt: toJd } })
    .sort({ dueJd: 1 })
    .toArray();
  return await Promise.all(
    runs.map(async ({ rule, dueJd, looked, selected }) => {
      const told = await store.reactions
        .find({ channel, rule, dueJd })
        .project<{ state: string }>({ state: 1 })
        .toArray();
      const states: Record<string, number> = {};
      for (const { state } of told) states[state] = (states[state] ?? 0) + 1;
      return { rule, dueJd, looked, selected, states };
    }),
  );
}
