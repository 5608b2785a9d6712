import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface TokenServer {
  readonly url: string;
  /** How many tokens it gave. */
  readonly given: () => number;
  /** From now on it answers with this status, and with what it was sent. */
  breakWith(status: number): void;
  close(): Promise<void>;
}

const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');

/**
 * An OpenID Connect endpoint for client credentials. Its tokens are unsigned, as a broker without a key set takes them
 * for tests.
 */
export async function startTokenServer(clients: Readonly<Record<string, string>>, lifeS: number): Promise<TokenServer> {
  const state = { given: 0, status: 200 };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const form = new URLSearchParams(body);
    const [clientId = '', clientSecret] = basic(request.headers.authorization ?? '');
    const isGood = form.get('grant_type') === 'client_credentials' && clients[clientId] === clientSecret;
    const status = state.status !== 200 ? state.status : isGood ? 200 : 401;
    response.writeHead(status, { 'content-type': 'application/json' });
    if (status !== 200) {
      response.end(
        JSON.stringify({
          error: 'invalid_client',
          error_description: `you sent ${body}, ${basic(request.headers.authorization ?? '').join(':')}`,
        }),
      );
      return;
    }
    state.given++;
    const nowS = Math.floor(Date.now() / 1000);
    const token = `${part({ alg: 'none' })}.${part({ sub: clientId, iat: nowS, exp: nowS + lifeS })}.`;
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: lifeS }));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/oauth2/token`,
    given: () => state.given,
    breakWith(status) {
      state.status = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What stands in a header for basic authentication. */
function basic(header: string): string[] {
  const text = Buffer.from(/^Basic (.*)$/.exec(header)?.[1] ?? '', 'base64').toString();
  return text.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
}
