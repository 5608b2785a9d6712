import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { nightOfJd } from '../model/julian-date.js';
import type { Clock, DetectionRef } from '../model/transient.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import type { transient } from '../workflows/transient.js';
import { searchAttribute } from '../workflows/search-attributes.js';
import type { Forwarded } from './screen.js';
import { signalInParallel } from './signal-in-parallel.js';

/**
 * One signal for each object and batch, starting or reopening its transient where needed. `running` holds the objects
 * whose transient was seen to run: a plain signal costs half of one that may have to start it. Returns when all are
 * acknowledged.
 */
export async function signalDetections(
  client: Client,
  clock: Clock,
  forwarded: readonly Forwarded[],
  running: Set<string>,
): Promise<void> {
  await signalInParallel([...groupByObject(forwarded)], async ([objectId, alerts]) => {
    const detections = alerts.map(({ alert, channels }) => ({ alertId: alert.alertId, jd: alert.jd, channels }));
    if (running.has(objectId) && (await signalRunning(client, objectId, detections))) return;
    await signalWithStart(client, clock, alerts, detections);
    running.add(objectId);
  });
}

/** False where the transient has closed meanwhile. */
async function signalRunning(client: Client, objectId: string, detections: DetectionRef[]): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId.transient(objectId)).signal<[DetectionRef[]]>('detections', detections);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function groupByObject(forwarded: readonly Forwarded[]): Map<string, Forwarded[]> {
  const byObject = new Map<string, Forwarded[]>();
  for (const one of forwarded) {
    const others = byObject.get(one.alert.objectId);
    if (others === undefined) byObject.set(one.alert.objectId, [one]);
    else others.push(one);
  }
  return byObject;
}

async function signalWithStart(
  client: Client,
  clock: Clock,
  alerts: readonly Forwarded[],
  detections: DetectionRef[],
): Promise<void> {
  const [first] = alerts;
  if (first === undefined) return;
  const { survey, objectId, stock, position, jd } = first.alert;
  const channels = [...new Set(alerts.flatMap((one) => one.channels.map((ref) => ref.slice(0, ref.indexOf('@')))))];
  const night = nightOfJd(jd);
  const where = `${position.ra.toFixed(4)} ${position.dec >= 0 ? '+' : ''}${position.dec.toFixed(4)}`;
  await client.workflow.signalWithStart<typeof transient, [DetectionRef[]]>('transient', {
    workflowId: workflowId.transient(objectId),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ survey, objectId, stock, clock }],
    signal: 'detections',
    signalArgs: [detections],
    staticSummary: `${objectId} at ${where}, first seen ${night} by ${channels.join(', ') || 'no channel any more'}`,
    typedSearchAttributes: [
      { key: searchAttribute.survey, value: survey },
      { key: searchAttribute.stage, value: 'following' },
      { key: searchAttribute.night, value: night },
      { key: searchAttribute.channels, value: channels },
      { key: searchAttribute.raDeg, value: position.ra },
      { key: searchAttribute.decDeg, value: position.dec },
    ],
  });
}
