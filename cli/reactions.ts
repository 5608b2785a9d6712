import type { Filter } from 'mongodb';
import type { Command } from 'commander';
import type { ReactionDocument, ReactionState } from '../store/documents.js';
import { findStock } from '../store/object-story.js';
import type { Store } from '../store/store.js';
import { nearestName } from '../model/nearest-name.js';
import { CliError } from './cli-error.js';
import { requireKnownChannel } from './require-known-channel.js';
import { unknownObject } from './unknown-object.js';

/** Which reactions a command is about. */
export interface ReactionFlags {
  readonly state?: ReactionState;
  readonly channel?: string;
  readonly object?: string;
}

/** A reaction as `reactions list --json` prints it. */
export type ShownReaction = Omit<ReactionDocument, '_id'> & { readonly key: string };

/** Names on the command line: a blank in a state would need quotes. */
const STATES: Readonly<Record<string, ReactionState>> = {
  approval: 'waits for approval',
  intended: 'intended',
  sent: 'sent',
  confirmed: 'confirmed',
  failed: 'failed',
  unknown: 'outcome unknown',
  'called-off': 'called off',
  dry: 'dry',
};

export function withReactionOptions(command: Command): Command {
  return command
    .option('--state <state>', `only those in this state: ${Object.keys(STATES).join(', ')}`, stateOf)
    .option('--channel <name>', 'only those of this channel')
    .option('--object <name>', 'only those on this object, such as ZTF18abxhyqv');
}

export async function reactionsFilter(
  store: Store,
  { state, channel, object }: ReactionFlags,
): Promise<Filter<ReactionDocument>> {
  await requireKnownChannel(store, channel);
  const stock = object === undefined ? undefined : await findStock(store, object);
  if (object !== undefined && stock === undefined) throw await unknownObject(store, object);
  return {
    ...(state !== undefined && { state }),
    ...(channel !== undefined && { channel }),
    ...(stock !== undefined && { stock: stock._id }),
  };
}

export function shownReaction({ _id, ...reaction }: ReactionDocument): ShownReaction {
  return { key: _id, ...reaction };
}

/** The reaction of this key. Throws `CliError` (wrong input) where there is none. */
export async function requireReaction(store: Store, key: string): Promise<ReactionDocument> {
  const reaction = await store.reactions.findOne({ _id: key });
  if (reaction !== null) return reaction;
  throw new CliError(`There is no reaction ${key}`, 2, '"ampel reactions list" has their keys.');
}

function stateOf(name: string): ReactionState {
  const state = STATES[name];
  if (state !== undefined) return state;
  const meant = nearestName(name, Object.keys(STATES));
  const advice = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new CliError(
    `There is no state ${name} of reactions.${advice}`,
    2,
    `Expected ${Object.keys(STATES).join(', ')}.`,
  );
}
