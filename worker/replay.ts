import { defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON, type History, type Payload } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { DecisionNote } from '../model/transient.js';

/** What came of a replay. */
export interface ReplayReport {
  /** True where this program's workflow does on that history what it did then. */
  readonly ok: boolean;
  /** `transient/ZTF18abxhyqv`, and the name of its workflow. */
  readonly workflowId: string;
  readonly workflowType: string;
  /** Number of events in the history. */
  readonly events: number;
  /** The decisions of T0 that the history holds, in order. */
  readonly decisions: readonly DecisionNote[];
  /** Where it differs. */
  readonly problem?: string;
}

/** A text that is no history of one of our workflows. The message says what was found. */
export class NotAHistory extends Error {
  override readonly name = 'NotAHistory';
}

/**
 * Reads the JSON form of a history, as `temporal workflow show --output json` or `historyToJSON` write it.
 * Throws `NotAHistory`.
 */
export function parseHistory(json: string): History {
  let value: unknown;
  let history: History;
  try {
    value = JSON.parse(json);
    history = historyFromJSON(value);
  } catch (error) {
    throw new NotAHistory(`the text is no history: ${firstLine(error)}`);
  }
  requireWhole(history);
  return history;
}

/**
 * Runs the workflow of the bundle on a history, with no server and without running any activity again. Throws
 * `NotAHistory` where the history is not of a workflow of this bundle.
 */
export async function replayHistory(history: History, bundle: WorkflowBundleOption): Promise<ReplayReport> {
  const { workflowId, workflowType } = requireWhole(history);
  const events = history.events?.length ?? 0;
  const report = { workflowId, workflowType, events, decisions: decisionsOf(history) };
  try {
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, workflowId);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.includes('no such function is exported by the workflow bundle')) {
      throw new NotAHistory(`this program has no workflow "${workflowType}"`);
    }
    return { ok: false, ...report, problem };
  }
  return { ok: true, ...report };
}

/** The engine waits for minutes where the start is missing, so that is looked at first. */
function requireWhole({ events }: History): { workflowId: string; workflowType: string } {
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  const workflowType = started?.workflowType?.name;
  if (events == null || workflowType == null || workflowType === '') {
    throw new NotAHistory('it has no "events" that begin with the start of a workflow');
  }
  const gap = events.findIndex(({ eventId }, index) => String(eventId) !== String(index + 1));
  if (gap >= 0) throw new NotAHistory(`its event ${gap + 1} is missing`);
  return { workflowId: started?.workflowId ?? '', workflowType };
}

function decisionsOf({ events }: History): DecisionNote[] {
  return (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => {
    if (member(valueOf(marker?.details?.['data']), 'activity_type') !== 'decide') return [];
    const decisions = member(valueOf(marker?.details?.['result']), 'decisions');
    return Array.isArray(decisions) ? decisions.filter(isDecisionNote) : [];
  });
}

function valueOf(payloads: { readonly payloads?: Payload[] | null } | undefined): unknown {
  const payload = payloads?.payloads?.[0];
  return payload === undefined ? undefined : defaultPayloadConverter.fromPayload(payload);
}

function isDecisionNote(value: unknown): value is DecisionNote {
  const isNamed = typeof member(value, 'alertId') === 'string' && typeof member(value, 'channel') === 'string';
  return isNamed && typeof member(value, 'accepted') === 'boolean';
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** The engine quotes whole structures; what is wrong is the first message in them. */
function problemOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const inner = /message: "((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return inner === undefined ? firstLine(error) : inner.replace(/\\(.)/g, '$1');
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.slice(0, 300);
}
