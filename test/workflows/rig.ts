import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { ChannelActivities } from '../../model/channel-life.js';
import type { PeriodicActivities } from '../../model/periodic-run.js';
import type { RecomputeActivities } from '../../model/recompute.js';
import type { StreamActivities } from '../../model/stream.js';
import type { DecideActivities, ReactActivities, UnitActivities } from '../../model/transient.js';
import { TASK_QUEUE } from '../../model/workflow-names.js';
import { ATTRIBUTE_TYPES } from '../../servers/search-attributes.js';
import { temporalBinary, temporalTestServerBinary } from '../../servers/test-server.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { workflowBundle } from '../workflow-bundle.js';
import './quiet-runtime.js';

export type Activities = DecideActivities &
  UnitActivities &
  ReactActivities &
  StreamActivities &
  ChannelActivities &
  RecomputeActivities &
  PeriodicActivities;

/** A server, and workers of every role whose activities a test gives. */
export interface Rig {
  readonly env: TestWorkflowEnvironment;
  /** Sets the activities, `instead` before `activities`; those that neither has throw. */
  use(activities: Partial<Activities>, instead?: Partial<Activities>): void;
  stop(): Promise<void>;
}

/** Stands in histories instead of process and host. */
const IDENTITY = 'ampel-test';

/**
 * On Temporal's server that skips time; on the real one where a test cancels activities that fail, which the other never
 * ends.
 */
export async function startRig(server: 'time-skipping' | 'real' = 'time-skipping'): Promise<Rig> {
  const env = await (server === 'real' ? startReal() : startTimeSkipping());
  await registerSearchAttributes(env);
  let current: Partial<Activities> = {};
  const activities = delegating(() => current);
  const workers = await Promise.all(
    Object.values(TASK_QUEUE).map((taskQueue) =>
      Worker.create({
        connection: env.nativeConnection,
        taskQueue,
        identity: IDENTITY,
        activities,
        // A person who pauses a stream does not wait for the next heartbeat.
        maxHeartbeatThrottleInterval: '100ms',
        ...(taskQueue === TASK_QUEUE.workflows && { workflowBundle }),
      }),
    ),
  );
  const ended = Promise.all(workers.map((worker) => worker.run()));
  return {
    env,
    use(given, instead) {
      current = { ...given, ...instead };
    },
    async stop() {
      for (const worker of workers) worker.shutdown();
      await ended;
      await env.teardown();
    },
  };
}

async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const path = await temporalTestServerBinary();
  return TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    client: { identity: IDENTITY },
  });
}

async function startReal(): Promise<TestWorkflowEnvironment> {
  const path = await temporalBinary();
  return TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
    client: { identity: IDENTITY },
  });
}

async function registerSearchAttributes({ connection }: TestWorkflowEnvironment): Promise<void> {
  const searchAttributes = Object.fromEntries(
    Object.entries(searchAttributeTypes).map(([name, type]) => [name, ATTRIBUTE_TYPES[type].code]),
  );
  await connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
}

function delegating(current: () => Partial<Activities>): Activities {
  const given = <Name extends keyof Activities>(name: Name): Activities[Name] => {
    const activity = current()[name];
    if (activity === undefined) throw new Error(`the test gives no activity ${name}`);
    return activity;
  };
  return {
    decide: (request) => given('decide')(request),
    runUnit: (request) => given('runUnit')(request),
    react: (request) => given('react')(request),
    consume: (request, reader) => given('consume')(request, reader),
    findOutdated: (request, after) => given('findOutdated')(request, after),
    retryDeadLetters: (ids) => given('retryDeadLetters')(ids),
    settle: (request) => given('settle')(request),
    markStream: (name, state) => given('markStream')(name, state),
    activateChannel: (revision) => given('activateChannel')(revision),
    keepSchedules: (order) => given('keepSchedules')(order),
    selectObjects: (request) => given('selectObjects')(request),
    tellAll: (request) => given('tellAll')(request),
    tellEach: (request, from, to) => given('tellEach')(request, from, to),
    setChannelState: (name, state, because) => given('setChannelState')(name, state, because),
  };
}
