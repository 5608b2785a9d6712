import { Unreadable, type UnreadableKind } from '../streams/avro/unreadable.js';

/** What `read` cannot read. Where it reads all, or fails in another way, that is an error. */
export function problemOf(read: () => unknown): { readonly kind: UnreadableKind; readonly message: string } {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: error.kind, message: error.message };
  }
  throw new Error('nothing was unreadable');
}
