import { oauthTokens } from './oauth-tokens.js';

const LOGIN = {
  mechanism: 'oauthbearer',
  tokenUrl: 'https://auth.example/oauth2/token',
  clientId: 'ampel',
  clientSecret: 'gcn_client',
  scope: 'gcn.nasa.gov/kafka-public-consumer',
} as const;
const CANARY = 'canary-2718';

/** An endpoint that gives these answers, the last one again and again, and keeps what it was sent. */
function endpoint(...answers: readonly (readonly [status: number, body: unknown])[]): {
  fetch: typeof fetch;
  sent: string[];
  logins: string[];
} {
  const sent: string[] = [];
  const logins: string[] = [];
  return {
    ...{ sent, logins },
    fetch: (_url, init) => {
      const [status, body] = answers[Math.min(sent.length, answers.length - 1)] ?? [500, ''];
      logins.push(new Headers(init?.headers).get('authorization') ?? '');
      sent.push(init?.body instanceof URLSearchParams ? init.body.toString() : '');
      return Promise.resolve(new Response(JSON.stringify(body), { status }));
    },
  };
}

describe("tokens for NASA's notices", () => {
  it('are asked for with what the client has, and kept while they are good', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const { fetch, sent, logins } = endpoint(
      [200, { access_token: 'first', expires_in: 100 }],
      [200, { access_token: 'second' }],
    );
    const token = oauthTokens(LOGIN, `${CANARY} &%`, fetch, () => nowMs);
    expect(await token()).toEqual({ value: 'first' });
    nowMs += 79_000;
    expect(await token()).toEqual({ value: 'first' });
    nowMs += 2_000;
    expect(await token()).toEqual({ value: 'second' });
    expect(Object.fromEntries(new URLSearchParams(sent[0]))).toEqual({
      grant_type: 'client_credentials',
      scope: LOGIN.scope,
    });
    expect(logins[0]).toBe(`Basic ${Buffer.from('ampel:canary-2718+%26%25').toString('base64')}`);
    expect(sent).toHaveLength(2);
  });

  it.each([
    [400, { error: 'invalid_client', error_description: `secret ${CANARY}` }, 'login', 'HTTP 400, invalid_client'],
    [401, `you sent ${CANARY}`, 'login', 'HTTP 401'],
    [403, { error: `bad ${CANARY}` }, 'login', 'HTTP 403'],
    [503, {}, 'unreachable', 'HTTP 503'],
    [429, {}, 'unreachable', 'HTTP 429'],
    [200, { token: 'elsewhere' }, 'login', 'without a token'],
  ])('are refused with HTTP %i in words that hold no secret', async (status, body, kind, words) => {
    const token = oauthTokens(LOGIN, CANARY, endpoint([status, body]).fetch);
    const error: unknown = await token().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ kind, message: expect.stringContaining(words) as string });
    expect(String(error)).not.toContain(CANARY);
  });

  it('may come later where the endpoint does not answer', async () => {
    const token = oauthTokens(LOGIN, CANARY, () => Promise.reject(new Error(`no route with ${CANARY}`)));
    const error: unknown = await token().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(String(error)).not.toContain(CANARY);
  });
});
