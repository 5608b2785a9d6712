import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json.js';

/** Lower-case hexadecimal sha256 of the canonical JSON of a value. */
export function contentHash(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
