import type { ChannelRevision, FilterUse } from '../model/channel.js';
import { singleFilters } from '../model/channel.js';
import type { ChannelRef } from '../model/transient.js';
import { readFiles } from '../store/files.js';
import type { Store } from '../store/store.js';
import type { FileContents } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { readyFilter, type ReadyFilter } from './ready-filter.js';
import { readyUnit, type ReadyUnit } from './ready-unit.js';
import { ruleConditions, type RuleConditions } from './rule-conditions.js';

/** A channel revision with its units at hand, configs parsed. */
export interface ReadyChannel extends ChannelRevision {
  readonly ref: ChannelRef;
  /** T0 by survey. */
  readonly filters: ReadonlyMap<string, ReadyFilter>;
  readonly units: readonly ReadyUnit[];
  readonly conditions: RuleConditions;
}

/** Reference of a revision in signals and histories. */
export function channelRef({
  channel,
  hash,
}: {
  channel: Pick<ChannelRevision['channel'], 'name'>;
  hash: string;
}): ChannelRef {
  return `${channel.name}@${hash.slice(0, 12)}`;
}

/** Binds a channel's units to their configs; `files` are those that its filters name, by sha256. */
export function readyChannel(
  revision: ChannelRevision,
  registry: Registry,
  files: FileContents = new Map(),
): ReadyChannel {
  const { t0, t2 } = revision.channel;
  return {
    ...revision,
    ref: channelRef(revision),
    filters: new Map(Object.entries(t0).map(([survey, use]) => [survey, readyFilter(use, survey, registry, files)])),
    units: t2.map((use) => readyUnit(use, registry)),
    conditions: ruleConditions(revision.channel),
  };
}

/** sha256 of the files that a channel's filters name. */
export function filesOf(t0: Readonly<Record<string, FilterUse>>): readonly string[] {
  const filters = Object.values(t0).flatMap(singleFilters);
  return [...new Set(filters.flatMap(({ files = {} }) => Object.values(files)))];
}

/** Revisions by reference, read from the store once each. */
export class ChannelRevisions {
  private readonly known = new Map<ChannelRef, Promise<ReadyChannel>>();

  constructor(
    private readonly store: Store,
    private readonly registry: Registry,
  ) {}

  get(ref: ChannelRef): Promise<ReadyChannel> {
    let ready = this.known.get(ref);
    if (ready === undefined) {
      ready = this.load(ref);
      this.known.set(ref, ready);
      // A store that is away now may answer the next attempt.
      ready.catch(() => this.known.delete(ref));
    }
    return ready;
  }

  private async load(ref: ChannelRef): Promise<ReadyChannel> {
    const [name, shortHash = ''] = ref.split('@');
    const document = await this.store.configs.findOne({ _id: { $gte: shortHash, $lt: `${shortHash}g` } });
    if (document === null || document.channel.name !== name)
      throw new Error(`channel revision ${ref} is not in the store`);
    const { channel } = document;
    const files = await readFiles(this.store, filesOf(channel.t0));
    return readyChannel({ channel, hash: document._id }, this.registry, files);
  }
}
