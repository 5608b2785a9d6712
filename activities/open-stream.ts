import { ApplicationFailure } from '@temporalio/common';
import type { StreamRequest } from '../model/stream.js';
import { sourceKey, sourceText } from '../model/stream-source.js';
import type { Store } from '../store/store.js';

/** Notes that a stream is read. Throws for good where it was started with another input: its positions are of that one. */
export async function openStream(store: Store, { name, survey, source, schemas, clock }: StreamRequest): Promise<void> {
  const fresh = { survey, source, clock, state: 'running' as const, at: new Date() };
  const stream = await store.streams.findOneAndUpdate(
    { _id: name },
    { $setOnInsert: fresh },
    { upsert: true, returnDocument: 'after' },
  );
  if (stream === null) throw new Error(`stream ${name} has no document`);
  if (sourceKey(stream.source) !== sourceKey(source)) {
    const was = `stream ${name} has positions of ${sourceText(stream.source)}`;
    throw ApplicationFailure.nonRetryable(`${was}: another input needs a stream of another name`, 'OtherSource');
  }
  await store.streams.updateOne({ _id: name }, { $set: { state: 'running', schemas, clock, at: new Date() } });
}
