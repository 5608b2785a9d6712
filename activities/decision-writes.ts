import type { AnyBulkWriteOperation } from 'mongodb';
import type { Deadline } from '../model/deadline.js';
import type { Verdict } from '../model/decision.js';
import type { DecideRequest } from '../model/transient.js';
import { workflowId } from '../model/workflow-names.js';
import type * as doc from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { ReadyChannel } from './channel-revisions.js';
import type { CombinedState } from './combine.js';
import type { ComputedResult } from './compute.js';

/** Collects what a decision leaves in the store and writes it by key: twice is as once. */
export class DecisionWrites {
  private readonly alerts: AnyBulkWriteOperation<doc.AlertDocument>[] = [];
  /** First accepted alerts by channel. */
  private readonly firsts: Record<string, { readonly firstAlertId: string; readonly firstJd: number }> = {};
  /** By `_id`, with the channels that see the object in this state. */
  private readonly states = new Map<string, { readonly state: doc.StateDocument; readonly channels: string[] }>();
  private readonly results: AnyBulkWriteOperation<doc.ResultDocument>[] = [];
  private readonly reactions: AnyBulkWriteOperation<doc.ReactionDocument>[] = [];
  private readonly journal: AnyBulkWriteOperation<doc.JournalDocument>[] = [];
  private readonly at = new Date();

  constructor(
    private readonly store: Store,
    private readonly request: DecideRequest,
    private readonly trace: doc.Trace,
  ) {}

  decision(
    alert: doc.AlertDocument,
    sequence: number,
    ready: ReadyChannel,
    verdict: Verdict,
    state?: CombinedState,
  ): void {
    const { channel, hash } = ready;
    const { unit, version, configHash } = ready.filters.get(alert.survey)?.use ?? NO_FILTER;
    const { accepted, ...why } = verdict;
    const leftOut = state === undefined || Object.keys(state.leftOut).length === 0 ? undefined : state.leftOut;
    this.journal.push(
      note({
        _id: `t0/${alert._id}/${ready.ref}`,
        tier: 't0',
        ...subject(alert, sequence),
        ...{ channel: channel.name, channelHash: hash, unit, version, configHash, link: state?.link },
        outcome: accepted ? 'accepted' : 'rejected',
        ...why,
        ...(leftOut && { leftOut }),
        ...{ trace: this.trace, at: this.at },
      }),
    );
    if (state !== undefined) this.state(alert, alert.jd, ready, state);
  }

  /** A state of the object as it was at `jd`. */
  state(
    { stock, objectId, alertId }: doc.AlertDocument,
    jd: number,
    { channel }: ReadyChannel,
    { link, ids: datapoints, matched }: CombinedState,
  ): void {
    const _id = `${stock}:${link}`;
    const known = this.states.get(_id);
    if (known !== undefined) {
      if (!known.channels.includes(channel.name)) known.channels.push(channel.name);
      return;
    }
    const document = { _id, stock, objectId, link, datapoints, channels: [], alertId, jd };
    this.states.set(_id, {
      state: { ...document, ...(matched.length > 0 && { matched }) },
      channels: [channel.name],
    });
  }

  result(alert: doc.AlertDocument, sequence: number, computed: ComputedResult): void {
    const { key, use, link, kind, needed, channels, body } = computed;
    const { stock, objectId } = alert;
    const { unit, version, configHash, needs } = use;
    const names = channels.map((ref) => ref.slice(0, ref.indexOf('@')));
    this.results.push(
      insertOnce<doc.ResultDocument>(
        {
          _id: key,
          stock,
          objectId,
          link,
          unit,
          version,
          configHash,
          ...(kind && { kind }),
          ...(needed.length > 0 && { needed }),
          ...(needs && { needs }),
          code: 0,
          body,
          channels: [],
          trace: this.trace,
          at: this.at,
        },
        { channels: names },
      ),
    );
    this.journal.push(
      note({
        _id: `t2/${key}`,
        tier: 't2',
        ...subject(alert, sequence),
        ...{
          channel: names.join(', '),
          channelHash: channels.join(', '),
          unit,
          version,
          configHash,
          link,
          ...(kind && { kind }),
          outcome: 'computed',
        },
        ...{ trace: this.trace, at: this.at },
      }),
    );
  }

  firstAccepted({ alertId, jd }: doc.AlertDocument, channel: string): void {
    this.firsts[channel] = { firstAlertId: alertId, firstJd: jd };
  }

  calledOff(deadlines: readonly Deadline[], ready: ReadyChannel): void {
    for (const deadline of deadlines) {
      const { key, channel, channelHash, rule, alertId, link, setJd, dueJd } = deadline;
      const unit = ready.channel.t3.find(({ name }) => name === rule)?.unit ?? '';
      const { objectId, stock } = this.request;
      this.reactions.push(
        insertOnce<doc.ReactionDocument>({
          ...{ _id: key, channel, channelHash, rule, unit, objectId, stock, alertId, link, setJd, dueJd },
          ...{ state: 'called off', attempts: 0, trace: this.trace, at: this.at },
        }),
      );
    }
  }

  decided(alert: doc.AlertDocument, sequence: number): void {
    this.alerts.push({
      updateOne: { filter: { _id: alert._id }, update: { $set: { sequence }, $unset: { pending: true } } },
    });
  }

  /**
   * Writes everything; the alerts last, because an alert that is no longer pending has had all its effects. `waited` are
   * keys of deadlines that may be in the store.
   */
  async flush(pending: readonly Deadline[], waited: ReadonlySet<string>): Promise<void> {
    const { grouped } = this.store;
    await Promise.all([
      grouped.writeStocks.write(this.stocks()),
      grouped.writeStates.write(
        Array.from(this.states.values(), ({ state, channels }) => insertOnce(state, { channels })),
      ),
      grouped.writeResults.write(this.results),
      grouped.writeReactions.write(this.reactions),
      grouped.writeJournal.write(this.journal),
      grouped.writeDeadlines.write(this.deadlines(pending, waited)),
    ]);
    await grouped.writeAlerts.write(this.alerts);
  }

  /** What an earlier attempt has written stays. */
  private stocks(): AnyBulkWriteOperation<doc.StockDocument>[] {
    if (Object.keys(this.firsts).length === 0) return [];
    const channels = { $mergeObjects: ['$channels', { $literal: this.firsts }, '$channels'] };
    return [{ updateOne: { filter: { _id: this.request.stock }, update: [{ $set: { channels } }] } }];
  }

  /**
   * A stream's clock has to find what waits for it, and nothing else. A deadline that this step both set and settled may
   * have been written by an attempt whose outcome was lost, with fewer alerts to decide on.
   */
  private deadlines(
    pending: readonly Deadline[],
    waited: ReadonlySet<string>,
  ): AnyBulkWriteOperation<doc.DeadlineDocument>[] {
    const { clock, objectId } = this.request;
    if (clock === 'live') return [];
    const kept = new Set(pending.map(({ key }) => key));
    const gone = [...waited].filter((key) => !kept.has(key));
    return [
      ...gone.map((key) => ({ deleteOne: { filter: { _id: key } } })),
      ...pending.map((deadline) => insertDeadline(deadline, clock.stream, objectId)),
    ];
  }
}

/** What is recorded of a decision without a filter, which there is none of. */
const NO_FILTER = { unit: '', version: '', configHash: '' };

/** Makes a deadline known to the stream whose clock it waits for. */
export function insertDeadline(
  deadline: Deadline,
  stream: string,
  objectId: string,
): AnyBulkWriteOperation<doc.DeadlineDocument> {
  return insertOnce({ _id: deadline.key, stream, workflowId: workflowId.transient(objectId), dueJd: deadline.dueJd });
}

function subject(
  alert: doc.AlertDocument,
  sequence: number,
): Pick<doc.JournalDocument, 'stock' | 'objectId' | 'alertId' | 'jd' | 'sequence'> {
  const { stock, objectId, alertId, jd } = alert;
  return { stock, objectId, alertId, jd, sequence };
}

/** The first one stays: a group's write leaves what is there. Cheaper than an upsert. */
function note(document: doc.JournalDocument): AnyBulkWriteOperation<doc.JournalDocument> {
  return { insertOne: { document } };
}

/** The first one stays; `sets` grow by what is named. */
function insertOnce<Document extends { readonly _id: string }>(
  document: Document,
  sets: Readonly<Record<string, readonly string[]>> = {},
): AnyBulkWriteOperation<Document> {
  const { _id, ...rest } = document;
  const inserted = Object.fromEntries(
    Object.entries(rest).filter(([name, value]) => !(name in sets) && value !== undefined),
  );
  const added = Object.fromEntries(Object.entries(sets).map(([name, values]) => [name, { $each: values }]));
  const update = { $setOnInsert: inserted, ...(Object.keys(sets).length > 0 && { $addToSet: added }) };
  return { updateOne: { filter: { _id }, update, upsert: true } } as unknown as AnyBulkWriteOperation<Document>;
}
