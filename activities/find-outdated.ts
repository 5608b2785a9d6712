import type { OutdatedPortion, Recomputation, RecomputeCursor, RecomputeRequest } from '../model/recompute.js';
import type { ChannelRef, UnitTask } from '../model/transient.js';
import { RESULT_CODE, type ResultDocument, type StockDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { channelRef, type ChannelRevisions, type ReadyChannel } from './channel-revisions.js';
import { objectTasks, type ObjectTask, type RecordedObject } from './object-tasks.js';
import { readRecorded } from './recorded-object.js';

/** A portion stands in a workflow's history: it stays well below what a payload may hold. */
const MAX_RUNS = 200;
const MAX_LETTERS = 400_000;
/** Where little is to be done, a portion is what could be looked at in this time. */
const MAX_LOOKING_MS = 20_000;
const STOCKS_A_READ = 20;

/**
 * Results that the channels' present revisions, with the units of this build, ask for and that are not in the store: those
 * of another version or config are others. Object after object, so that it goes on where it was. `beat` is called often.
 */
export async function findOutdated(
  store: Store,
  revisions: ChannelRevisions,
  request: RecomputeRequest,
  after?: RecomputeCursor,
  beat: () => void = () => undefined,
): Promise<OutdatedPortion> {
  const channels = await runningChannels(store, revisions, request.channel);
  const search = new Search(store, request, channels);
  return await search.from(after, beat);
}

async function runningChannels(store: Store, revisions: ChannelRevisions, name?: string): Promise<ReadyChannel[]> {
  const filter = { state: { $ne: 'stopped' as const }, ...(name !== undefined && { _id: name }) };
  const found = await store.channels.find(filter).toArray();
  return await Promise.all(found.map(({ _id, hash }) => revisions.get(channelRef({ channel: { name: _id }, hash }))));
}

class Search {
  private readonly runs: Recomputation[] = [];
  private readonly names: readonly string[];
  private letters = 0;
  private looked = 0;

  constructor(
    private readonly store: Store,
    private readonly request: RecomputeRequest,
    private readonly channels: readonly ReadyChannel[],
  ) {
    this.names = channels.map(({ channel }) => channel.name);
  }

  async from(after: RecomputeCursor | undefined, beat: () => void): Promise<OutdatedPortion> {
    const endMs = Date.now() + MAX_LOOKING_MS;
    let cursor = after;
    for (;;) {
      const stocks = await this.nextStocks(cursor);
      const last = stocks.at(-1);
      if (last === undefined) return this.portion();
      for (const object of await readRecorded(this.store, stocks, { ...this.request, channels: this.names })) {
        beat();
        const stop = await this.look(object, cursor);
        if (stop !== undefined) return this.portion(stop);
      }
      beat();
      cursor = { stock: last._id };
      if (Date.now() > endMs) return this.portion(cursor);
    }
  }

  private portion(next?: RecomputeCursor): OutdatedPortion {
    return { runs: this.runs, looked: this.looked, ...(next && { next }) };
  }

  private async nextStocks(cursor: RecomputeCursor | undefined): Promise<StockDocument[]> {
    if (this.names.length === 0) return [];
    const { stock, results } = cursor ?? {};
    const rest = results === undefined ? { $gt: stock ?? '' } : { $gte: stock ?? '' };
    return await this.store.stocks
      .find({ _id: rest, $or: this.names.map((name) => ({ [`channels.${name}`]: { $exists: true } })) })
      .sort({ _id: 1 })
      .limit(STOCKS_A_READ)
      .toArray();
  }

  /** Takes what is missing of one object; where that is too much for this portion, answers where the next one begins. */
  private async look(
    object: RecordedObject,
    cursor: RecomputeCursor | undefined,
  ): Promise<RecomputeCursor | undefined> {
    const { _id: stock, survey } = object.stock;
    const begin = cursor?.stock === stock ? (cursor.results ?? 0) : 0;
    if (begin === 0) this.looked += object.states.filter(({ jd }) => isInTime(jd, this.request)).length;
    const wanted = await this.wantedOf(object);
    const there = await this.there(wanted.slice(begin));
    for (let index = begin; index < wanted.length; index++) {
      const task = wanted[index];
      if (task === undefined || there.has(task.key)) continue;
      if (this.runs.length >= MAX_RUNS || this.letters >= MAX_LETTERS) return { stock, results: index };
      const [name = stock] = object.stock.names;
      const run: Recomputation = {
        survey,
        objectId: object.states[0]?.objectId ?? name,
        stock,
        clock: 'live',
        quiet: true,
        task,
      };
      this.letters += JSON.stringify(run).length;
      this.runs.push(run);
    }
    return undefined;
  }

  /** Results of the states and the unit that are asked for, with all that they build on. */
  private async wantedOf(object: RecordedObject): Promise<readonly UnitTask[]> {
    const all = await objectTasks(object, this.channels);
    const byKey = new Map(all.map((one) => [one.task.key, one]));
    const wanted = new Set<ObjectTask>();
    const want = (one: ObjectTask): void => {
      if (wanted.has(one)) return;
      wanted.add(one);
      for (const key of one.needed) {
        const other = byKey.get(key);
        if (other !== undefined) want(other);
      }
    };
    const { unit } = this.request;
    for (const one of all) {
      if ((unit === undefined || one.task.unit === unit) && one.jds.some((jd) => isInTime(jd, this.request))) want(one);
    }
    return all.flatMap((one) => (wanted.has(one) ? [one.task] : []));
  }

  /** Keys of the results that need not be computed: each is there, and known to all channels that ask for it. */
  private async there(tasks: readonly UnitTask[]): Promise<Set<string>> {
    const { failed = false, requestedAtMs } = this.request;
    const stays = { $or: [{ code: RESULT_CODE.ok }, { at: { $gte: new Date(requestedAtMs) } }] };
    const found = await this.store.results
      .find({ _id: { $in: tasks.map(({ key }) => key) }, ...(failed && stays) })
      .project<Pick<ResultDocument, '_id' | 'code' | 'channels'>>({ code: 1, channels: 1 })
      .toArray();
    const asking = new Map(tasks.map(({ key, channels }) => [key, channels.map(channelName)]));
    const isKnown = ({ _id, code, channels }: (typeof found)[number]): boolean =>
      code !== RESULT_CODE.ok || asking.get(_id)?.every((name) => channels.includes(name)) === true;
    return new Set(found.filter(isKnown).map(({ _id }) => _id));
  }
}

function isInTime(jd: number, { fromJd = -Infinity, toJd = Infinity }: RecomputeRequest): boolean {
  return jd >= fromJd && jd < toJd;
}

function channelName(ref: ChannelRef): string {
  return ref.slice(0, ref.indexOf('@'));
}
