import { Unreadable } from './unreadable.js';
import type { WriterSchema } from './writer-schema.js';

/** Where the schema of a message is found that names it by number. */
export interface SchemaSource {
  /**
   * The schema with this number, the same object each time. Throws, or rejects with, `Unreadable` where there is none:
   * with another schema than its own a record decodes to nonsense without an error. Any other error is not the packet's
   * fault.
   */
  schema(id: number): WriterSchema | Promise<WriterSchema>;
}

/** More would bury the message. */
const SHOWN_IDS = 30;

/** What a source says of a number that it does not know. */
export function unknownSchema(id: number, known: Iterable<number>): Unreadable {
  const ids = [...known].sort((a, b) => a - b);
  const shown = ids.slice(0, SHOWN_IDS).join(', ') + (ids.length > SHOWN_IDS ? ', …' : '');
  return new Unreadable('schema', `unknown schema id ${id}, known ${ids.length === 0 ? 'none yet' : shown}`);
}
