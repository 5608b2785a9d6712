import type { Channel } from '../model/channel.js';
import type { ReceiptRejection } from '../store/receipt-rejections.js';
import type { ObjectStory } from '../store/object-story.js';
import type { Store } from '../store/store.js';
import { loadRegistry } from '../units/registry.js';
import { decisionLines, shortHash, type DecisionLine } from './decision-line.js';
import type { MeaningOf } from './decision-sentence.js';
import { reasonMeanings } from './reason-meanings.js';

/** The decisions on an object that transients recorded (`story`) and those that receipts tell of; of one channel or all. */
export async function objectDecisions(
  store: Store,
  story: ObjectStory | undefined,
  rejections: readonly ReceiptRejection[],
  channel?: string,
): Promise<DecisionLine[]> {
  const { journal = [], reactions = [] } = story ?? {};
  const calledOff = reactions.filter(({ state }) => state === 'called off').map(({ channelHash }) => channelHash);
  const revisions = await revisionsOf(store, [...rejections.map(({ hash }) => hash), ...calledOff]);
  return decisionLines({ journal, reactions, rejections, revisions }, channel);
}

async function revisionsOf(store: Store, hashes: readonly string[]): Promise<ReadonlyMap<string, Channel>> {
  if (hashes.length === 0) return new Map();
  const found = await store.configs.find({ _id: { $in: [...new Set(hashes)] } }).toArray();
  return new Map(found.map(({ _id, channel }) => [shortHash(_id), channel]));
}

/** What the filters of this program say of their reasons. */
export async function registeredMeanings(): Promise<MeaningOf> {
  const registry = await loadRegistry();
  return (unit, reason) => reasonMeanings(registry, [unit])[reason];
}
