import type { StreamDocument } from '../store/documents.js';
import { unixMsOfJd } from '../model/julian-date.js';
import { workflowId } from '../model/workflow-names.js';
import { streamRun, type StreamReader, type StreamRun } from './stream-run.js';
import { unknownName } from './unknown-name.js';
import type { Services } from './with-services.js';

/** A stream as the store and Temporal have it: what `stream list --json` and `stream show --json` print. */
export interface ShownStream {
  readonly name: string;
  /** `starting` until a worker has taken it up; `terminated` where its workflow was ended from outside. */
  readonly state: 'starting' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed' | 'terminated';
  /** In words, where there is something to do. */
  readonly doing?: string;
  /** While it reads: average of this reader. */
  readonly alertsPerSecond?: number;
  /** Packets that are read and have had all their effects. */
  readonly position: number;
  /** Alerts that were passed on to transients. */
  readonly forwarded: number;
  readonly unreadable: number;
  /** Unreadable packets that are kept. */
  readonly deadLetters: number;
  /** Newest event time seen, ISO 8601 (UTC). */
  readonly clock?: string;
  readonly survey?: string;
  readonly paths: readonly string[];
  /** When the store heard of it last. */
  readonly at?: Date;
  /** How the reader's last failed attempt ended, or the stream itself. */
  readonly failure?: { readonly attempt?: number; readonly message: string };
}

/** The stream of this name. Throws `CliError` (wrong input) where there is none, with the nearest name. */
export async function readStream(services: Services, name: string): Promise<ShownStream> {
  const shown = await readStreamIfAny(services, name);
  if (shown !== undefined) return shown;
  throw unknownName('stream', name, await streamNames(services), 'ampel stream list');
}

/** All streams that were ever started here, by name. */
export async function readStreams(services: Services): Promise<ShownStream[]> {
  const names = await streamNames(services);
  const found = await Promise.all(names.map((name) => readStreamIfAny(services, name)));
  return found.filter((shown) => shown !== undefined);
}

/** The stream of this name; undefined where neither the store nor Temporal knows it. */
export async function readStreamIfAny({ client, store }: Services, name: string): Promise<ShownStream | undefined> {
  // The run first: one that has ended has written its last state by then.
  const run = await streamRun(client, name);
  const [document, deadLetters] = await Promise.all([
    store.streams.findOne({ _id: name }),
    store.deadletters.countDocuments({ stream: name }),
  ]);
  return shownStream(name, document ?? undefined, run, deadLetters);
}

/** Names in the store, and of streams that no worker has taken up yet. */
export async function streamNames({ client, store }: Services): Promise<string[]> {
  const names = new Set((await store.streams.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
  const running = client.workflow.list({ query: 'WorkflowType="stream" AND ExecutionStatus="Running"' });
  for await (const { workflowId: id } of running) names.add(id.slice(workflowId.stream('').length));
  return [...names].sort();
}

/** Puts together what the store and Temporal say; undefined where neither knows the stream. */
export function shownStream(
  name: string,
  document: StreamDocument | undefined,
  run: StreamRun,
  deadLetters: number,
): ShownStream | undefined {
  if (document === undefined && run.status === 'NONE') return undefined;
  const state = stateOf(document, run);
  const progress = run.reader?.progress;
  const { position = 0, forwarded = 0, unreadable = 0, clockJd = 0, paths = [], survey, at } = document ?? {};
  const doing = doingOf(state, run.reader);
  const failure = failureOf(run);
  return {
    ...{ name, state },
    ...(doing !== undefined && { doing }),
    ...(progress !== undefined && { alertsPerSecond: progress.alertsPerSecond }),
    ...{ position, forwarded, unreadable, deadLetters },
    ...(clockJd > 0 && { clock: new Date(unixMsOfJd(clockJd)).toISOString() }),
    ...(survey !== undefined && { survey }),
    paths,
    ...(at !== undefined && { at }),
    ...(failure !== undefined && { failure }),
  };
}

function stateOf(document: StreamDocument | undefined, { status, reader }: StreamRun): ShownStream['state'] {
  const hasEnded = document?.state === 'finished' || document?.state === 'stopped';
  if (status === 'FAILED') return 'failed';
  // Called off before anybody read.
  if (status === 'COMPLETED' && document === undefined) return 'stopped';
  if (status !== 'RUNNING') return document !== undefined && hasEnded ? document.state : 'terminated';
  // An end in the store is of the run before, unless this one has read already.
  if (document === undefined || (hasEnded && reader?.progress === undefined)) return 'starting';
  return document.state;
}

function doingOf(state: ShownStream['state'], reader: StreamReader | undefined): string | undefined {
  if (state !== 'starting' && state !== 'running') return undefined;
  if (reader === undefined) return 'waiting for a worker';
  if (reader.isAtWork) return reader.progress?.doing ?? 'beginning to read';
  return reader.failure === undefined ? 'waiting for a worker' : `trying again: ${reader.failure}`;
}

function failureOf({ reader, failure }: StreamRun): ShownStream['failure'] {
  if (failure !== undefined) return { message: failure };
  if (reader?.failure === undefined) return undefined;
  return { attempt: reader.attempt - 1, message: reader.failure };
}
