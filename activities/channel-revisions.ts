import type { ChannelRevision, UnitUse } from '../model/channel.js';
import type { LightCurve } from '../model/light-curve.js';
import type { Json } from '../model/canonical-json.js';
import type { Verdict } from '../model/decision.js';
import type { FilterInput } from '../model/alert.js';
import type { ChannelRef } from '../model/transient.js';
import type { Store } from '../store/store.js';
import type { Registry } from '../units/registry.js';

/** A T2 unit of a channel, ready to run. */
export interface ReadyUnit {
  readonly use: UnitUse;
  readonly cost: 'light' | 'heavy';
  run(lightCurve: LightCurve): Json;
}

/** A channel revision with its units at hand, configs parsed. */
export interface ReadyChannel extends ChannelRevision {
  readonly ref: ChannelRef;
  /** T0. Without input the channel may not see the alert. */
  filter(input: FilterInput | undefined): Verdict;
  readonly units: readonly ReadyUnit[];
}

/** The alert's data are not the channel's to see. */
const NO_RIGHT: Verdict = { accepted: false, reason: 'access', field: 'programid' };

/** Of a filter's error, in receipts and journal. */
const MAX_ERROR_LETTERS = 200;

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

/** Binds a channel's units to their configs. Throws where a unit or config is not known to this build. */
export function readyChannel(revision: ChannelRevision, registry: Registry): ReadyChannel {
  const { channel } = revision;
  const filter = registry.filter(channel.t0.unit);
  const filterConfig = filter.config.parse(channel.t0.config);
  return {
    ...revision,
    ref: channelRef(revision),
    filter: (input) => (input === undefined ? NO_RIGHT : verdictOf(() => filter.run(input, filterConfig))),
    units: channel.t2.map((use) => {
      const unit = registry.t2(use.unit);
      const config = unit.config.parse(use.config);
      return { use, cost: unit.cost, run: (lightCurve) => unit.result.parse(unit.run(lightCurve, config)) };
    }),
  };
}

/** A filter that fails on an alert has not accepted it, as in AMPEL; the others and the next alerts go on. */
function verdictOf(run: () => Verdict): Verdict {
  try {
    return run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { accepted: false, reason: 'error', value: message.slice(0, MAX_ERROR_LETTERS) };
  }
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
    return readyChannel({ channel: document.channel, hash: document._id }, this.registry);
  }
}
