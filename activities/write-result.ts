import type { UnitActivities } from '../model/transient.js';
import type { AnyBulkWriteOperation, Document, Filter, UpdateFilter } from 'mongodb';
import { RESULT_CODE, type JournalDocument, type ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { ReadyUnit } from './ready-unit.js';
import { currentTrace } from './trace.js';

type Request = Parameters<UnitActivities['runUnit']>[0];
export type ResultCode = (typeof RESULT_CODE)[keyof typeof RESULT_CODE];
type Computed = Pick<ResultDocument, 'body' | 'error'> & {
  readonly code: ResultCode;
  /** Keys of the results that it was made from. */
  readonly needed: readonly string[];
};

/** Notes that these channels asked for a result that is there. */
export async function askAlso(store: Store, key: string, channels: readonly string[]): Promise<void> {
  await store.results.updateOne({ _id: key }, { $addToSet: { channels: { $each: [...channels] } } });
}

/** Writes a result and its line in the journal. A success stays; a failure is replaced by what a later run gives. */
export async function writeResult(
  store: Store,
  { stock, objectId, task, asked }: Request,
  { use }: Pick<ReadyUnit, 'use'>,
  channels: readonly string[],
  { needed, ...computed }: Computed,
): Promise<void> {
  const { unit, version, configHash, needs } = use;
  const trace = currentTrace();
  const at = new Date();
  const identity = {
    ...{ stock, objectId, link: task.link, unit, version, configHash },
    ...(task.kind && { kind: task.kind }),
    ...(needs && { needs }),
  };
  const isOk = computed.code === RESULT_CODE.ok;
  const failure = `t2/${task.key}/failed/${trace.runId}/${trace.activityId}`;
  // Before the result: an attempt that finds that has nothing left to write.
  await store.grouped.writeJournal.write([
    upsert<JournalDocument>(
      { _id: isOk ? `t2/${task.key}` : failure },
      {
        $setOnInsert: {
          ...{ tier: 't2', stock, objectId, channel: channels.join(', '), channelHash: task.channels.join(', ') },
          ...{ alertId: task.alertId, jd: task.jd, sequence: 0, unit, version, configHash, link: task.link },
          ...(task.kind && { kind: task.kind }),
          ...{ outcome: outcomeOf(computed.code), trace, at },
          ...(computed.error !== undefined && { reason: computed.error }),
          ...(asked && { asked }),
        },
      },
    ),
  ]);
  await store.grouped.writeResults.write([
    upsert<ResultDocument>(
      // Where another attempt has succeeded meanwhile this is a duplicate, and the next attempt finds the success.
      { _id: task.key, code: { $ne: RESULT_CODE.ok } },
      {
        $setOnInsert: identity,
        $set: { ...computed, ...(needed.length > 0 && { needed: [...needed] }), trace, at, ...(asked && { asked }) },
        $addToSet: { channels: { $each: [...channels] } },
        ...(isOk && { $unset: { error: true } }),
      },
    ),
  ]);
}

function outcomeOf(code: ResultCode): string {
  if (code === RESULT_CODE.ok) return 'computed';
  return code === RESULT_CODE.missingInfo ? 'no result' : 'failed';
}

function upsert<Schema extends Document>(
  filter: Filter<Schema>,
  update: UpdateFilter<Schema>,
): AnyBulkWriteOperation<Schema> {
  return { updateOne: { filter, update, upsert: true } };
}
