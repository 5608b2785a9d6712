import { createHash } from 'node:crypto';

/** For names that are URLs or URNs (RFC 9562, appendix). */
const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** The id of the message with this key, a UUID of version 5 in its 16 bytes: the same at every try, so that readers can drop the second. */
export function messageId(key: string): Buffer {
  return uuidOfName(URL_NAMESPACE, `urn:ampel:reaction:${key}`);
}

/** A name-based UUID (version 5, SHA-1) as RFC 9562 makes it. */
export function uuidOfName(namespace: Buffer, name: string): Buffer {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes;
}

/** For people: `2ed6657d-e927-568b-95e1-2665a8aea6a2`. */
export function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
