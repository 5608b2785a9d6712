import {
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { workflowId } from '../model/workflow-names.js';

/** What Temporal says of the newest run of a stream. */
export interface StreamRun {
  /** `RUNNING`, `COMPLETED`, `FAILED`, …; `NONE` where Temporal knows no such workflow (any more). */
  readonly status: string;
  /** Its readers, and what waits for the last decisions: at work, or about to try again. */
  readonly readers: readonly StreamReader[];
  /** Of a failed run. */
  readonly failure?: string;
}

export interface StreamReader {
  readonly isAtWork: boolean;
  /** From 1. */
  readonly attempt: number;
  /** From the heartbeat of this attempt: what it does, and how fast it reads. */
  readonly doing?: string;
  readonly alertsPerSecond?: number;
  /** How the attempt before ended. */
  readonly failure?: string;
}

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** A state of a pending activity in Temporal's interface: it waits for a worker or for its next attempt. */
const SCHEDULED = 1;

/** What `consume` and `settle` say in their heartbeats, as far as it is shown. */
const heartbeat = z.union([
  z.object({ alertsPerSecond: z.number(), doing: z.string() }),
  z.string().transform((doing) => ({ doing })),
]);

/** Asks Temporal for the newest run of this stream. */
export async function streamRun(client: Client, name: string): Promise<StreamRun> {
  const handle = client.workflow.getHandle(workflowId.stream(name));
  try {
    const { status, raw } = await handle.describe();
    const reading = ['consume', 'settle'];
    const pending = (raw.pendingActivities ?? []).filter(({ activityType }) =>
      reading.includes(activityType?.name ?? ''),
    );
    return {
      status: status.name,
      readers: pending.map(streamReader),
      ...(status.name === 'FAILED' && { failure: streamFailure(await endOf(handle.result())) }),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { status: 'NONE', readers: [] };
    throw error;
  }
}

/** What a pending activity says of the reader. */
export function streamReader(pending: PendingActivity): StreamReader {
  const { state, attempt, lastFailure, lastHeartbeatTime, lastStartedTime, heartbeatDetails } = pending;
  const isAtWork = Number(state) !== SCHEDULED;
  // The heartbeat of the attempt before stays until this one has its first.
  const isFresh = isAtWork && millisecondsOf(lastHeartbeatTime) >= millisecondsOf(lastStartedTime);
  const [payload] = heartbeatDetails?.payloads ?? [];
  const heard = isFresh && payload ? heartbeat.safeParse(defaultPayloadConverter.fromPayload(payload)) : undefined;
  return {
    isAtWork,
    attempt: attempt ?? 1,
    ...(heard?.success === true && heard.data),
    ...(lastFailure?.message != null && { failure: lastFailure.message }),
  };
}

/** The innermost message of how a stream's workflow failed: the outer ones only name the workflow and the activity. */
export function streamFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? streamFailure(error.cause) : error.message;
}

async function endOf(result: Promise<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return error;
    throw error;
  }
}

function millisecondsOf(time: PendingActivity['lastHeartbeatTime']): number {
  return time == null ? 0 : Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6;
}
