import { z } from 'zod';
import type { KafkaLogin } from '../../model/kafka-source.js';
import { KafkaError } from './kafka-error.js';

export type OauthLogin = Extract<KafkaLogin, { readonly mechanism: 'oauthbearer' }>;

/** A new token is fetched when so much of the old one's life is over. */
const RENEW_AT = 0.8;
const TIMEOUT_MS = 15_000;

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(300) });
/** RFC 6749, 5.2: a short code; whatever else an endpoint says may repeat what it was sent. */
const refusalSchema = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/**
 * Tokens by OpenID Connect with client credentials (RFC 6749, 4.4), each kept while it is good. The function rejects
 * with `KafkaError`: `login` where the endpoint refuses, `unreachable` where it does not answer.
 */
export function oauthTokens(
  login: OauthLogin,
  clientSecret: string,
  fetchFrom = fetch,
  nowMs = Date.now,
): () => Promise<{ value: string }> {
  let current: { value: string; renewAtMs: number } | undefined;
  return async () => {
    if (current === undefined || nowMs() >= current.renewAtMs) {
      const { access_token: value, expires_in: lifeS } = await fetchToken(login, clientSecret, fetchFrom);
      current = { value, renewAtMs: nowMs() + lifeS * 1000 * RENEW_AT };
    }
    return { value: current.value };
  };
}

async function fetchToken(
  { tokenUrl, clientId, scope }: OauthLogin,
  clientSecret: string,
  fetchFrom: typeof fetch,
): Promise<z.infer<typeof answerSchema>> {
  const response = await fetchFrom(tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  if (response === undefined) throw new KafkaError('unreachable', `${tokenUrl} does not answer a request for a token`);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const said = refusalSchema.safeParse(body).data?.error;
    const words = `${tokenUrl} gives client ${clientId} no token: HTTP ${response.status}${said === undefined ? '' : `, ${said}`}`;
    throw new KafkaError(response.status >= 500 || response.status === 429 ? 'unreachable' : 'login', words);
  }
  const answer = answerSchema.safeParse(body);
  if (!answer.success) throw new KafkaError('login', `${tokenUrl} answers without a token (access_token)`);
  return answer.data;
}

/** As a form is encoded (RFC 6749, 2.3.1). */
function encoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}
