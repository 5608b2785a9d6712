import { once } from 'node:events';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { LONGEST_RUN_MS } from '../model/unit-limits.js';
import type { UnitActivities, UnitOutcome } from '../model/transient.js';
import { RESULT_CODE } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { streamTotals } from '../store/stream-positions.js';
import type { Clients, NeededResults } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { failure, runJob, type FailureClass, type UnitAnswer, type UnitJob } from '../units/unit-job.js';
import type { ChannelRevisions, ReadyChannel } from './channel-revisions.js';
import { insertDeadline } from './decision-writes.js';
import { whileBeating } from './heartbeat.js';
import { gatherNeeded } from './needed-results.js';
import type { ReadyUnit } from './ready-unit.js';
import { inputOf, neededKeys, type WorkPlace } from './t2-work.js';
import { setOffBy } from './set-off.js';
import { readTaskWork } from './task-place.js';
import type { UnitRunner } from './unit-runner.js';
import { askAlso, writeResult, type ResultCode } from './write-result.js';

type Request = Parameters<UnitActivities['runUnit']>[0];

/** What a T2 activity works with. */
export interface RunUnitDeps {
  readonly store: Store;
  readonly registry: Registry;
  readonly revisions: ChannelRevisions;
  readonly runner: UnitRunner;
  readonly clients: Clients;
}

/** A light unit that has not ended beside the decision may have met a pause of the machine; one that never ends has a thread for so long. */
const LIGHT_LIMIT_MS = 10_000;
const CODES: Readonly<Record<Exclude<FailureClass, 'try again'>, ResultCode>> = {
  'bad input': RESULT_CODE.missingInfo,
  'bad result': RESULT_CODE.error,
  'unfit config': RESULT_CODE.unknownConfig,
  exception: RESULT_CODE.exception,
};

/**
 * Runs one T2 unit on what is stored. What the unit will do again at each attempt fails for good (`UnitFailed`) and becomes
 * the result's document, with AMPEL's code for its class; a service or store that is away is tried again. Data that cannot
 * give the result are no failure: the document tells why there is none.
 */
export async function runUnit(deps: RunUnitDeps, request: Request): Promise<UnitOutcome> {
  return await whileBeating(() => computeResult(deps, request));
}

async function computeResult(deps: RunUnitDeps, request: Request): Promise<UnitOutcome> {
  const { store, revisions } = deps;
  const { task } = request;
  const channels = await Promise.all(task.channels.map((ref) => revisions.get(ref)));
  const names = channels.map(({ channel }) => channel.name);
  const [known] = (await store.grouped.resultHeads.read([task.key])).get(task.key) ?? [];
  // Another channel's, or that of an attempt whose answer was lost: the same work is done once.
  if (known?.code === RESULT_CODE.ok) await askAlso(store, task.key, names);
  else {
    const code = await compute(deps, request, channels, names);
    if (code !== RESULT_CODE.ok) return { code, deadlines: [] };
  }
  return await outcomeOf(store, request, channels);
}

/** Answers `ok`, or that the data cannot give this result, which is nobody's fault; anything else is thrown. */
async function compute(
  deps: RunUnitDeps,
  request: Request,
  channels: readonly ReadyChannel[],
  names: readonly string[],
): Promise<ResultCode> {
  const { store } = deps;
  const { task } = request;
  const unit = unitOf(channels, task);
  requireVersion(unit, task);
  let needed: readonly string[] = [];
  const fail = async (code: ResultCode, message: string): Promise<ResultCode> => {
    await writeResult(store, request, unit, names, { code, body: null, error: message, needed });
    if (code === RESULT_CODE.missingInfo) return code;
    throw ApplicationFailure.nonRetryable(`${task.unit} on ${placeOf(task)}: ${message.slice(0, 500)}`, 'UnitFailed');
  };
  const [ready] = channels;
  if (unit.unit === undefined || ready === undefined) {
    return await fail(RESULT_CODE.unknownConfig, unit.problem ?? 'no channel asks for it');
  }
  const { place, target } = await readTaskWork(store, request, unit, ready);
  if (target === undefined) {
    return await fail(RESULT_CODE.missingDependency, 'what it builds on is not what it was when it was asked for');
  }
  needed = neededKeys(target);
  const gathered = await gatherNeeded(store, target);
  if (!gathered.ok) return await fail(gathered.code, gathered.message);
  const answer = await answerOf(deps, task, unit, place, gathered.results);
  if (answer.ok) {
    await writeResult(store, request, unit, names, { code: RESULT_CODE.ok, body: answer.body, needed });
    return RESULT_CODE.ok;
  }
  if (answer.failure !== 'try again') return await fail(CODES[answer.failure], answer.message);
  const { attempt } = Context.current().info;
  if (attempt >= (task.attempts ?? Infinity)) {
    return await fail(RESULT_CODE.tooManyTrials, `${attempt} attempts, the last: ${answer.message}`);
  }
  throw ApplicationFailure.create({
    message: `${task.unit} on ${placeOf(task)}: ${answer.message.slice(0, 500)}`,
    type: 'TryAgain',
    ...(answer.afterMs !== undefined && { nextRetryDelay: answer.afterMs }),
  });
}

async function answerOf(
  { registry, runner, clients }: RunUnitDeps,
  task: Request['task'],
  { use, kind, cost }: ReadyUnit,
  place: WorkPlace,
  needed: NeededResults,
): Promise<UnitAnswer> {
  let job: UnitJob;
  try {
    const input = inputOf(kind, task, place);
    job = { unit: use.unit, config: use.config, input, needed };
  } catch (error) {
    return failure('bad input', error instanceof Error ? error.message : String(error));
  }
  const limitMs = task.timeoutMs ?? (cost === 'light' ? LIGHT_LIMIT_MS : LONGEST_RUN_MS);
  if (cost !== 'remote') return await runner.run(job, limitMs);
  const signal = AbortSignal.timeout(limitMs);
  return await Promise.race([runJob(registry, job, { clients, signal }), noAnswer(signal, task, limitMs)]);
}

/** A unit that does not heed its signal would hold its place for ever. */
async function noAnswer(signal: AbortSignal, { unit }: Request['task'], limitMs: number): Promise<UnitAnswer> {
  await once(signal, 'abort');
  return failure('try again', `${unit} had no answer within ${limitMs / 1000} s`);
}

/** The unit of one of the channels that asked. Throws where none has it, which only another revision could mend. */
function unitOf(channels: readonly ReadyChannel[], { unit, configHash, channels: refs }: Request['task']): ReadyUnit {
  const found = channels
    .flatMap(({ units }) => units)
    .find(({ use }) => use.unit === unit && (configHash === undefined || use.configHash === configHash));
  if (found !== undefined) return found;
  throw ApplicationFailure.nonRetryable(`${refs.join(', ')}: no T2 unit ${unit} with this config`, 'UnitFailed');
}

/** While workers are replaced some are of another build: tried again, until one of this version gets it. */
function requireVersion({ use }: ReadyUnit, { unit, version }: Request['task']): void {
  if (version === undefined || version === use.version) return;
  throw ApplicationFailure.retryable(`this worker has ${unit} ${use.version}, asked for is ${version}`, 'OtherVersion');
}

function placeOf({ kind, link }: Request['task']): string {
  return `${kind ?? 'state'} ${link}`;
}

async function outcomeOf(store: Store, request: Request, channels: readonly ReadyChannel[]): Promise<UnitOutcome> {
  const { clock, objectId, quiet = request.task.quiet === true } = request;
  if (quiet) return { code: RESULT_CODE.ok, deadlines: [] };
  const deadlines = await setOffBy(store, request, channels);
  if (clock === 'live' || deadlines.length === 0) return { code: RESULT_CODE.ok, deadlines };
  await store.deadlines.bulkWrite(deadlines.map((deadline) => insertDeadline(deadline, clock.stream, objectId)));
  // After the write: a stream that looks once more when it has finished finds them, or has finished by now.
  const stream = await store.streams.findOne({ _id: clock.stream, state: 'finished' });
  if (stream === null) return { code: RESULT_CODE.ok, deadlines };
  const { clockJd } = await streamTotals(store, clock.stream);
  return { code: RESULT_CODE.ok, deadlines, clockJd };
}
