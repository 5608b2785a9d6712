import type { PositionDocument, StreamDocument, StreamNotice } from '../store/documents.js';
import { streamTotals, type StreamTotals } from '../store/stream-positions.js';
import { sourceText } from '../model/stream-source.js';
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
  /** What it reads, in words. */
  readonly input?: string;
  /** Of an archive. */
  readonly paths: readonly string[];
  /** Packets that wait to be read, and where it stands in each partition; of Kafka. */
  readonly lag?: number;
  readonly partitions?: readonly PartitionStanding[];
  /** What its readers had to tell, the newest last. */
  readonly notices?: readonly StreamNotice[];
  /** When the store heard of it last. */
  readonly at?: Date;
  /** How the reader's last failed attempt ended, or the stream itself. */
  readonly failure?: { readonly attempt?: number; readonly message: string };
}

export interface PartitionStanding {
  readonly partition: string;
  /** The next to be read, and the next to be written when last heard. */
  readonly offset: number;
  readonly end: number;
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
  const [document, totals, deadLetters] = await Promise.all([
    store.streams.findOne({ _id: name }),
    streamTotals(store, name),
    store.deadletters.countDocuments({ stream: name }),
  ]);
  return shownStream(name, { document: document ?? undefined, totals, deadLetters }, run);
}

/** Names in the store, and of streams that no worker has taken up yet. */
export async function streamNames({ client, store }: Services): Promise<string[]> {
  const names = new Set((await store.streams.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
  const running = client.workflow.list({ query: 'WorkflowType="stream" AND ExecutionStatus="Running"' });
  for await (const { workflowId: id } of running) names.add(id.slice(workflowId.stream('').length));
  return [...names].sort();
}

/** What the store has of a stream. */
export interface StoredStream {
  readonly document: StreamDocument | undefined;
  readonly totals: StreamTotals;
  readonly deadLetters: number;
}

/** Puts together what the store and Temporal say; undefined where neither knows the stream. */
export function shownStream(
  name: string,
  { document, totals, deadLetters }: StoredStream,
  run: StreamRun,
): ShownStream | undefined {
  if (document === undefined && run.status === 'NONE') return undefined;
  const state = stateOf(document, run);
  const rates = run.readers.flatMap(({ alertsPerSecond }) => alertsPerSecond ?? []);
  const { position, forwarded, unreadable, clockJd, lag, partitions } = totals;
  const doing = doingOf(state, run.readers);
  const failure = failureOf(run);
  return {
    ...{ name, state },
    ...(doing !== undefined && { doing }),
    ...(rates.length > 0 && { alertsPerSecond: rates.reduce((sum, rate) => sum + rate, 0) }),
    ...{ position, forwarded, unreadable, deadLetters },
    ...(clockJd > 0 && { clock: new Date(unixMsOfJd(clockJd)).toISOString() }),
    ...sourceOf(document),
    ...(lag !== undefined && { lag, partitions: partitions.flatMap(standingOf) }),
    ...(failure !== undefined && { failure }),
  };
}

function sourceOf(
  document: StreamDocument | undefined,
): Pick<ShownStream, 'survey' | 'input' | 'paths' | 'at' | 'notices'> {
  if (document === undefined) return { paths: [] };
  const { survey, source, at, notices } = document;
  return {
    survey,
    input: sourceText(source),
    paths: source.kind === 'archive' ? source.paths : [],
    at,
    ...(notices && { notices }),
  };
}

function standingOf({ partition, offset, end }: PositionDocument): PartitionStanding[] {
  return end === undefined ? [] : [{ partition, offset, end }];
}

function stateOf(document: StreamDocument | undefined, { status, readers }: StreamRun): ShownStream['state'] {
  const hasEnded = document?.state === 'finished' || document?.state === 'stopped';
  if (status === 'FAILED') return 'failed';
  // Called off before anybody read.
  if (status === 'COMPLETED' && document === undefined) return 'stopped';
  if (status !== 'RUNNING') return document !== undefined && hasEnded ? document.state : 'terminated';
  // An end in the store is of the run before, unless this one has read already.
  const reads = readers.some(({ doing }) => doing !== undefined);
  if (document === undefined || (hasEnded && !reads)) return 'starting';
  return document.state;
}

function doingOf(state: ShownStream['state'], readers: readonly StreamReader[]): string | undefined {
  if (state !== 'starting' && state !== 'running') return undefined;
  const failed = readers.find(({ isAtWork, failure }) => !isAtWork && failure !== undefined);
  if (failed?.failure !== undefined) return `trying again: ${failed.failure}`;
  const working = readers.filter(({ isAtWork }) => isAtWork);
  if (working.length === 0) return 'waiting for a worker';
  return working.find(({ doing }) => doing !== undefined)?.doing ?? 'beginning to read';
}

function failureOf({ readers, failure }: StreamRun): ShownStream['failure'] {
  if (failure !== undefined) return { message: failure };
  const failed = readers.find((reader) => reader.failure !== undefined);
  return failed?.failure === undefined ? undefined : { attempt: failed.attempt - 1, message: failed.failure };
}
