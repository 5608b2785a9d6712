import { contentHash } from '../../model/content-hash.js';
import type { NoticeKind } from '../../model/notice.js';
import type { JsonObject } from './fields.js';

const HASH_DIGITS = 12;

/**
 * The id of a JSON notice: event, kind, place in the sequence, content. SVOM sends several notices of one event that differ
 * in nothing but their content. `schema` is the path of the schema: its release does not count, nor does the order of keys.
 */
export function jsonNoticeId(
  eventId: string,
  kind: NoticeKind,
  sequence: number | string,
  message: JsonObject,
  schema: string,
): string {
  const hash = contentHash({ ...message, $schema: schema });
  return `${eventId}/${kind}/${sequence}/${hash.slice(0, HASH_DIGITS)}`;
}
