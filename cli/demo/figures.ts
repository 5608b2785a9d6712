import type { Channel } from '../../model/channel.js';
import { RESULT_CODE } from '../../store/documents.js';
import type { Store } from '../../store/store.js';

/** What a channel made of a stream, counted from what is stored. */
export interface Figures {
  /** `unreadable`, all of `rejected` and `accepted.alerts` make up this number. */
  readonly alerts: number;
  readonly unreadable: number;
  /** By the first cut that failed, most frequent first. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Of the rejected: those of objects that the channel follows, which their own history tells of. */
  readonly rejectedWhileFollowed: number;
  readonly accepted: { readonly alerts: number; readonly objects: number };
  readonly states: number;
  readonly results: number;
  /** By rule of the channel. */
  readonly reactions: Readonly<Record<string, ReactionFigures>>;
}

export interface ReactionFigures {
  /** Confirmed by the receiver. */
  readonly sent: number;
  readonly calledOff: number;
  /** Due after the last alert. */
  readonly waiting: number;
  /** Refused by the receiver, or without an answer. */
  readonly failed: number;
}

export interface Outcome {
  readonly figures: Figures;
  readonly acceptedObjects: readonly string[];
}

/** Counts what is stored of `stream` for a channel. */
export async function readOutcome(store: Store, stream: string, { name: channel, t3 }: Channel): Promise<Outcome> {
  const rules = t3.map(({ name }) => name);
  const screened = await screenedOf(store, stream, channel);
  const decided = await decidedOf(store, stream, channel);
  const objects = [...decided.objects];
  const ofObjects = { objectId: { $in: objects }, channels: channel };
  return {
    figures: {
      alerts: screened.alerts,
      unreadable: screened.unreadable,
      rejected: countByReason(screened.rejected, decided.rejected),
      rejectedWhileFollowed: decided.rejected.length,
      accepted: { alerts: decided.accepted, objects: objects.length },
      states: await store.states.countDocuments(ofObjects),
      results: await store.results.countDocuments({ ...ofObjects, code: RESULT_CODE.ok }),
      reactions: await reactionsOf(store, stream, { channel, rules, objects }),
    },
    acceptedObjects: objects,
  };
}

interface Screened {
  readonly alerts: number;
  readonly unreadable: number;
  readonly rejected: ReadonlyMap<string, number>;
}

/** From the receipts: a document for each batch, and one for each channel in it. */
async function screenedOf(store: Store, stream: string, channel: string): Promise<Screened> {
  let alerts = 0;
  let unreadable = 0;
  const receipts: string[] = [];
  const rejected = new Map<string, number>();
  for await (const receipt of store.receipts.find({ stream })) {
    alerts += receipt.read + receipt.unreadable;
    unreadable += receipt.unreadable;
    receipts.push(receipt._id);
  }
  for await (const screening of store.screenings.find({ receipt: { $in: receipts }, channel })) {
    for (const { reason, count } of screening.rejected) rejected.set(reason, (rejected.get(reason) ?? 0) + count);
  }
  return { alerts, unreadable, rejected };
}

interface Decided {
  readonly accepted: number;
  readonly objects: ReadonlySet<string>;
  readonly rejected: readonly string[];
}

/** From the journal: the decisions that the transients themselves made. */
async function decidedOf(store: Store, stream: string, channel: string): Promise<Decided> {
  const alerts = await store.alerts.find({ stream }, { projection: { alertId: 1 } }).toArray();
  const decisions = store.journal.find({
    ...{ tier: 't0', channel },
    alertId: { $in: alerts.map(({ alertId }) => alertId) },
  });
  let accepted = 0;
  const objects = new Set<string>();
  const rejected: string[] = [];
  for await (const { outcome, objectId, reason = '' } of decisions) {
    if (outcome !== 'accepted') {
      rejected.push(reason);
      continue;
    }
    accepted++;
    objects.add(objectId);
  }
  return { accepted, objects, rejected };
}

function countByReason(screened: ReadonlyMap<string, number>, reasons: readonly string[]): Record<string, number> {
  const counts = new Map(screened);
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}

interface ReactionsWanted {
  readonly channel: string;
  readonly rules: readonly string[];
  readonly objects: readonly string[];
}

async function reactionsOf(
  store: Store,
  stream: string,
  { channel, rules, objects }: ReactionsWanted,
): Promise<Record<string, ReactionFigures>> {
  const reactions = await store.reactions.find({ channel, objectId: { $in: [...objects] } }).toArray();
  const waiting = await store.deadlines.find({ stream }).toArray();
  const figuresOf = (name: string): ReactionFigures => {
    const states = reactions.filter(({ rule }) => rule === name).map(({ state }) => state);
    const sent = states.filter((state) => state === 'confirmed').length;
    const calledOff = states.filter((state) => state === 'called off').length;
    return {
      sent,
      calledOff,
      waiting: waiting.filter(({ _id }) => _id.startsWith(`${channel}/${name}/`)).length,
      failed: states.length - sent - calledOff,
    };
  };
  return Object.fromEntries(rules.map((rule) => [rule, figuresOf(rule)]));
}
