import type { FieldValue } from '../model/datapoint.js';
import type { RejectionColumns } from './documents.js';
import type { Store } from './store.js';

/** One alert that a channel's screen refused, as its batch's receipt tells. */
export interface ReceiptRejection {
  readonly channel: string;
  /** Hash of the channel revision that refused. */
  readonly hash: string;
  readonly alertId: string;
  readonly reason: string;
  readonly field?: string;
  readonly value?: FieldValue;
  readonly limit?: FieldValue;
}

interface FoundColumns {
  readonly channel: string;
  readonly hash: string;
  readonly reason: string;
  readonly columns: RejectionColumns;
}

/** What the screens of all channels, or of one, refused of an object. Reads every receipt: minutes for years of a survey. */
export async function receiptRejections(
  store: Store,
  objectId: string,
  channel?: string,
): Promise<readonly ReceiptRejection[]> {
  const ofChannel = channel === undefined ? {} : { 'channels.name': channel };
  const found = store.receipts.aggregate<FoundColumns>([
    { $match: ofChannel },
    { $project: { channels: 1 } },
    { $unwind: '$channels' },
    { $match: ofChannel },
    {
      $project: {
        channel: '$channels.name',
        hash: '$channels.hash',
        rejected: { $objectToArray: '$channels.rejected' },
      },
    },
    { $unwind: '$rejected' },
    { $match: { 'rejected.v.objects': objectId } },
    { $project: { _id: 0, channel: 1, hash: 1, reason: '$rejected.k', columns: '$rejected.v' } },
  ]);
  const rejections: ReceiptRejection[] = [];
  for await (const columns of found) rejections.push(...rejectionsOf(objectId, columns));
  return withoutRepeats(rejections);
}

/** Names of objects that some receipt tells of, at most `limit`. */
export async function rejectedObjects(store: Store, limit: number): Promise<readonly string[]> {
  const found = store.receipts.aggregate<{ readonly _id: string }>([
    { $unwind: '$channels' },
    { $project: { rejected: { $objectToArray: '$channels.rejected' } } },
    { $unwind: '$rejected' },
    { $unwind: '$rejected.v.objects' },
    { $limit: limit },
    { $group: { _id: '$rejected.v.objects' } },
  ]);
  return (await found.toArray()).map(({ _id }) => _id);
}

/** The rows of columns that are of one object. */
function rejectionsOf(objectId: string, { channel, hash, reason, columns }: FoundColumns): ReceiptRejection[] {
  return columns.objects.flatMap((object, index) => {
    const alertId = columns.alerts[index];
    if (object !== objectId || alertId === undefined) return [];
    const field = columns.fields[index] ?? null;
    const value = columns.values[index] ?? null;
    const limit = columns.limits[index] ?? null;
    return {
      ...{ channel, hash, alertId, reason },
      ...(field !== null && { field }),
      // A receipt has null for what is not there; where there is a limit, null is what the alert has.
      ...((value !== null || limit !== null) && { value }),
      ...(limit !== null && { limit }),
    };
  });
}

/** A stream that was rewound, or read under two names, has told the same twice. */
function withoutRepeats(rejections: readonly ReceiptRejection[]): ReceiptRejection[] {
  return [...new Map(rejections.map((rejection) => [JSON.stringify(rejection), rejection])).values()];
}
