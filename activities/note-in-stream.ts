import type { Store } from '../store/store.js';
import type { KafkaNotice } from '../streams/kafka/notice.js';

/** Older ones are dropped. */
const MOST_NOTICES = 50;

/** Takes down what a reader has to tell. Not waited for: where the store is away, the reader has other worries. */
export function noteInStream(store: Store, stream: string, { kind, message }: KafkaNotice): void {
  const notice = { kind, message, at: new Date() };
  store.streams
    .updateOne({ _id: stream }, { $push: { notices: { $each: [notice], $slice: -MOST_NOTICES } } })
    .catch(() => undefined);
}
