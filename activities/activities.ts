import { Context } from '@temporalio/activity';
import type { ChannelActivities } from '../model/channel-life.js';
import type { RecomputeActivities } from '../model/recompute.js';
import type { PeriodicActivities } from '../model/periodic-run.js';
import type { StreamActivities } from '../model/stream.js';
import type { DecideActivities, ReactActivities, UnitActivities } from '../model/transient.js';
import type { Store } from '../store/store.js';
import { activateChannel, setChannelState } from './channel-life.js';
import type { IngestDeps } from './alert-intake.js';
import type { ReactDeps } from './carry-out.js';
import { ChannelRevisions } from './channel-revisions.js';
import { consume } from './consume.js';
import { decide } from './decide.js';
import { findOutdated } from './find-outdated.js';
import { keepSchedules } from './keep-schedules.js';
import { whileBeating } from './heartbeat.js';
import { react } from './react.js';
import { retryDeadLetters } from './retry-dead-letters.js';
import { runUnit } from './run-unit.js';
import { selectObjects } from './select-objects.js';
import { settle } from './settle.js';
import { tellAll } from './tell-all.js';
import { tellEach } from './tell-each.js';
import { runnerInThisThread, type UnitRunner } from './unit-runner.js';

export interface Deps extends IngestDeps, Omit<ReactDeps, 'revisions'> {
  readonly store: Store;
  /** Where heavy units run; default: in this thread, for a registry that no other thread knows. */
  readonly runner?: UnitRunner;
}

/** Activities of each task queue, bound to what they work with. */
export interface ActivityGroups {
  readonly workflows: DecideActivities & ChannelActivities & RecomputeActivities;
  readonly ingest: StreamActivities;
  readonly t2: UnitActivities;
  readonly t3: ReactActivities & PeriodicActivities;
}

export function createActivities(deps: Deps): ActivityGroups {
  const { store } = deps;
  const revisions = new ChannelRevisions(store, deps.registry);
  const { runner = runnerInThisThread(deps.registry) } = deps;
  return {
    workflows: {
      decide: (request) => decide(store, revisions, request),
      activateChannel: (revision) => activateChannel(store, revision),
      setChannelState: (name, state, because) => setChannelState(store, name, state, because),
      keepSchedules: (order) => keepSchedules(deps.client, order),
      findOutdated: (request, after) => {
        const context = Context.current();
        return findOutdated(store, revisions, request, after, () => {
          context.heartbeat();
        });
      },
    },
    ingest: {
      consume: (request, reader) => consume(deps, request, reader),
      settle: (request) => settle(deps, request),
      retryDeadLetters: (ids) => retryDeadLetters(deps, ids),
      markStream: async (name, state) => {
        await store.streams.updateOne({ _id: name }, { $set: { state, at: new Date() } });
      },
    },
    t2: { runUnit: (request) => runUnit({ ...deps, revisions, runner }, request) },
    t3: {
      react: (request) => react({ ...deps, revisions }, request),
      selectObjects: (request) => whileBeating((tell) => selectObjects(store, revisions, request, tell)),
      tellAll: (request) => whileBeating((tell) => tellAll({ ...deps, revisions }, request, tell)),
      tellEach: (request, from, to) =>
        whileBeating((tell) => tellEach({ ...deps, revisions }, request, { from, to }, tell)),
    },
  };
}
