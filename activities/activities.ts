import type { ChannelActivities } from '../model/channel-life.js';
import type { StreamActivities } from '../model/stream.js';
import type { DecideActivities, ReactActivities, UnitActivities } from '../model/transient.js';
import type { Store } from '../store/store.js';
import { activateChannel, setChannelState } from './channel-life.js';
import type { IngestDeps } from './alert-intake.js';
import { ChannelRevisions } from './channel-revisions.js';
import { consume } from './consume.js';
import { decide } from './decide.js';
import { react, type ReactDeps } from './react.js';
import { retryDeadLetters } from './retry-dead-letters.js';
import { runUnit } from './run-unit.js';
import { settle } from './settle.js';

export interface Deps extends IngestDeps, Omit<ReactDeps, 'revisions'> {
  readonly store: Store;
}

/** Activities of each task queue, bound to what they work with. */
export interface ActivityGroups {
  readonly workflows: DecideActivities & ChannelActivities;
  readonly ingest: StreamActivities;
  readonly t2: UnitActivities;
  readonly t3: ReactActivities;
}

export function createActivities(deps: Deps): ActivityGroups {
  const { store } = deps;
  const revisions = new ChannelRevisions(store, deps.registry);
  return {
    workflows: {
      decide: (request) => decide(store, revisions, request),
      activateChannel: (revision) => activateChannel(store, revision),
      setChannelState: (name, state) => setChannelState(store, name, state),
    },
    ingest: {
      consume: (request, reader) => consume(deps, request, reader),
      settle: (request) => settle(deps, request),
      retryDeadLetters: (ids) => retryDeadLetters(deps, ids),
      markStream: async (name, state) => {
        await store.streams.updateOne({ _id: name }, { $set: { state, at: new Date() } });
      },
    },
    t2: { runUnit: (request) => runUnit(store, revisions, request) },
    t3: { react: (request) => react({ ...deps, revisions }, request) },
  };
}
