import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../model/canonical-json.js';
import type { Deadline } from '../model/deadline.js';
import { deadlinesOf } from '../model/reaction-rules.js';
import type { UnitActivities, UnitOutcome } from '../model/transient.js';
import { datapointOf, RESULT_CODE, type ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { streamTotals } from '../store/stream-positions.js';
import type { ChannelRevisions, ReadyChannel } from './channel-revisions.js';
import { inTime } from './combine.js';
import { resultKey } from './compute.js';
import { insertDeadline } from './decision-writes.js';
import { currentTrace } from './trace.js';

type Request = Parameters<UnitActivities['runUnit']>[0];

/** Between units that block the process, so that a worker with much to do is not taken for a dead one. */
const HEARTBEAT_MS = 5_000;

/**
 * Runs one T2 unit on a stored state. A unit is a pure function, so one that throws fails for good (`UnitFailed`) and its
 * error becomes the result's document; a store that is away is tried again.
 */
export async function runUnit(store: Store, revisions: ChannelRevisions, request: Request): Promise<UnitOutcome> {
  const context = Context.current();
  const beat = setInterval(() => {
    context.heartbeat();
  }, HEARTBEAT_MS);
  try {
    return await computeResult(store, revisions, request);
  } finally {
    clearInterval(beat);
  }
}

async function computeResult(store: Store, revisions: ChannelRevisions, request: Request): Promise<UnitOutcome> {
  const { task, stock, objectId, survey, clock } = request;
  const channels = await Promise.all(task.channels.map((ref) => revisions.get(ref)));
  // By key: a channel may use a unit twice, with different configs.
  const unit = channels.flatMap(({ units }) => units).find(({ use }) => resultKey(stock, use, task.link) === task.key);
  const state = await store.states.findOne({ _id: `${stock}:${task.link}` });
  if (unit === undefined || state === null) {
    throw new Error(
      `${task.unit} on state ${stock}:${task.link}: ${state === null ? 'the state' : 'the unit'} is not there`,
    );
  }
  const found = await store.datapoints
    .find({ _id: { $in: state.datapoints.map((id) => `${survey}:${id}`) } })
    .toArray();
  const lightCurve = { objectId, stock, link: task.link, datapoints: inTime(found.map(datapointOf)) };
  const names = channels.map(({ channel }) => channel.name);
  let body: Json;
  try {
    body = unit.run(lightCurve);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await writeResult(store, request, unit.use, names, {
      code: RESULT_CODE.exception,
      body: null,
      error: message.slice(0, 2000),
    });
    throw ApplicationFailure.nonRetryable(
      `${task.unit} failed on state ${task.link}: ${message.slice(0, 500)}`,
      'UnitFailed',
    );
  }
  await writeResult(store, request, unit.use, names, { code: RESULT_CODE.ok, body });
  const deadlines = await unsettled(
    store,
    channels.flatMap((ready) => setOff(ready, request)),
  );
  if (clock === 'live' || deadlines.length === 0) return { code: RESULT_CODE.ok, deadlines };
  await store.deadlines.bulkWrite(deadlines.map((deadline) => insertDeadline(deadline, clock.stream, objectId)));
  // After the write: a stream that looks once more when it has finished finds them, or has finished by now.
  const stream = await store.streams.findOne({ _id: clock.stream, state: 'finished' });
  if (stream === null) return { code: RESULT_CODE.ok, deadlines };
  const { clockJd } = await streamTotals(store, clock.stream);
  return { code: RESULT_CODE.ok, deadlines, clockJd };
}

function setOff({ channel, hash }: ReadyChannel, { stock, task }: Request): ReturnType<typeof deadlinesOf> {
  const { alertId, jd, link, unit } = task;
  return deadlinesOf({
    channel,
    channelHash: hash,
    stock,
    alertId,
    jd,
    link,
    isFirst: false,
    isDetection: false,
    results: [unit],
  });
}

/** A rule that fires once for each object may have done so for an earlier state. */
async function unsettled(store: Store, deadlines: readonly Deadline[]): Promise<readonly Deadline[]> {
  if (deadlines.length === 0) return deadlines;
  const keys = deadlines.map(({ key }) => key);
  const found = await store.reactions.find({ _id: { $in: keys } }, { projection: { _id: 1 } }).toArray();
  const settled = new Set(found.map(({ _id }) => _id));
  return deadlines.filter(({ key }) => !settled.has(key));
}

type Computed = Pick<ResultDocument, 'code' | 'body' | 'error'>;

/** A success stays; a failure is replaced by what a later run gives. */
async function writeResult(
  store: Store,
  { stock, objectId, task }: Request,
  use: Pick<ResultDocument, 'unit' | 'version' | 'configHash'>,
  channels: readonly string[],
  computed: Computed,
): Promise<void> {
  const { unit, version, configHash } = use;
  const trace = currentTrace();
  const at = new Date();
  const identity = { stock, objectId, link: task.link, unit, version, configHash };
  await store.results.updateOne(
    { _id: task.key },
    { $setOnInsert: { ...identity, ...computed, trace, at }, $addToSet: { channels: { $each: [...channels] } } },
    { upsert: true },
  );
  const isOk = computed.code === RESULT_CODE.ok;
  await store.results.updateOne(
    { _id: task.key, code: { $ne: RESULT_CODE.ok } },
    { $set: { ...computed, trace, at }, ...(isOk && { $unset: { error: true } }) },
  );
  const outcome = isOk ? 'computed' : 'failed';
  await store.journal.updateOne(
    { _id: outcome === 'computed' ? `t2/${task.key}` : `t2/${task.key}/failed/${trace.runId}/${trace.activityId}` },
    {
      $setOnInsert: {
        ...{ tier: 't2', stock, objectId, channel: channels.join(', '), channelHash: task.channels.join(', ') },
        ...{
          alertId: task.alertId,
          jd: task.jd,
          sequence: 0,
          unit,
          version,
          configHash,
          link: task.link,
          outcome,
          trace,
          at,
        },
        ...(computed.error === undefined ? {} : { reason: computed.error }),
      },
    },
    { upsert: true },
  );
}
