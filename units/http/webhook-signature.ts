import { createHash, createHmac } from 'node:crypto';

/** Standard Webhooks 1.0: a secret is 24 to 64 bytes in base64. https://www.standardwebhooks.com */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Signs a body for one try: headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, with one signature for each secret. */
export function signatureHeaders(
  secrets: readonly Buffer[],
  { id, at, body }: { readonly id: string; readonly at: Date; readonly body: string },
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** The same over every try of a message: a receiver that has seen it need not act again. */
export function webhookIdOf(key: string): string {
  return `msg_${createHash('sha256').update(key).digest('base64url').slice(0, 32)}`;
}

/** The bytes of `whsec_…`. Throws with the name of the secret where it has another form, and shows nothing of it. */
export function signingSecret(name: string, value: string): Buffer {
  const text = value.startsWith('whsec_') ? value.slice('whsec_'.length) : '';
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES) return bytes;
  const form = `"whsec_" and ${LEAST_BYTES} to ${MOST_BYTES} bytes in base64`;
  throw new Error(`The secret "${name}" cannot sign: expected ${form} (openssl rand -base64 32)`);
}
