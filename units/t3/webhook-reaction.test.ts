import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import type { Datapoint } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';
import { ReactionRefused, type Answer, type Clients } from '../define.js';
import { parseConfig } from '../parse-config.js';
import { webhookReaction } from './webhook-reaction.js';

const TOKEN = 'not-a-real-token-f00d';
const KEY = 'EXAMPLE/announce/ZTF18abxhyqv';

const clients: Clients = {
  fetch,
  secret: (name) => {
    if (name === 'HOOK_SIGN') return 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    if (name === 'BROKEN_SECRET') return `${TOKEN}\n`;
    if (name !== 'HOOK_TOKEN') throw new Error(`There is no secret "${name}"`);
    return TOKEN;
  },
};

function detection(jd: number, magpsf: number): Datapoint {
  const body = { jd, fid: 2, magpsf, sigmapsf: 0.08, ra: 21.6399519, dec: 31.6163666 };
  return { id: '673285273115015035', kind: 'detection', jd, band: 'r', tags: ['ZTF', 'ZTF_PUB', 'ZTF_R'], body };
}

const upperLimit: Datapoint = {
  id: '-6723362383120701',
  kind: 'upperLimit',
  jd: 2458426.8,
  band: 'r',
  tags: ['ZTF', 'ZTF_PUB', 'ZTF_R'],
  body: { jd: 2458426.8, diffmaglim: 20.4 },
};

const occasion: Occasion = {
  key: KEY,
  channel: 'EXAMPLE',
  rule: 'announce',
  objectId: 'ZTF18abxhyqv',
  stock: '360504273',
  position: { ra: 21.6399519, dec: 31.6163666 },
  dueJd: 2458430.25,
  alertId: '673285273115015035',
  state: { link: '-118318261', datapoints: [detection(2458429.8, 18.6), upperLimit, detection(2458427.8, 18.9)] },
  results: { T2LightCurveSummary: { num_detections: 2 } },
  earlier: [],
};

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const received: Received[] = [];

const answers: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
  '/ok': (response) => response.end('{"saved":true}'),
  '/long': (response) => response.end('a'.repeat(2_000)),
  '/empty': (response) => response.writeHead(204).end(),
  '/busy': (response) => response.writeHead(500).end('try later'),
  '/limit': (response) => response.writeHead(429).end('slow down'),
  '/nowhere': (response) => response.writeHead(404).end('no such hook'),
  '/echo': (response, request) => response.writeHead(400).end(`bad ${request.headers.authorization ?? ''}`),
  '/echoes': (response) => response.end(TOKEN.repeat(1_000)),
  '/moved': (response) => response.writeHead(302, { location: 'http://other.example/hook?key=1' }).end(),
  '/reset': (response) => response.destroy(),
  '/endless': (response) => void response.write('taken, and '),
  '/hangs': () => undefined,
};

let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      answers[request.url ?? '']?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${portOf(server)}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  received.length = 0;
});

/** A port that was free a moment ago. */
async function unusedPort(): Promise<number> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const port = portOf(other);
  await new Promise((resolve) => other.close(resolve));
  return port;
}

function portOf(listening: Server): number {
  const address = listening.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function send(path: string, extra: Record<string, unknown> = {}): Promise<Answer> {
  const config = webhookReaction.config.parse({ url: `${base}${path}`, ...extra });
  return webhookReaction.send(webhookReaction.compose(occasion, config), KEY, config, clients);
}

interface Failure {
  readonly error: unknown;
  readonly refused: boolean;
  readonly message: string;
}

async function failureOf(sending: Promise<Answer>): Promise<Failure> {
  try {
    const { status } = await sending;
    return { error: undefined, refused: false, message: `sent: ${status}` };
  } catch (error) {
    return { error, refused: error instanceof ReactionRefused, message: error instanceof Error ? error.message : '' };
  }
}

describe('the message of WebhookReaction', () => {
  const config = webhookReaction.config.parse({ url: 'https://hooks.example/ampel' });

  it('says which object, why now, and what is known of it', () => {
    expect(webhookReaction.compose(occasion, config)).toEqual({
      type: 'ampel.reaction',
      version: 1,
      key: KEY,
      channel: 'EXAMPLE',
      rule: 'announce',
      object: { name: 'ZTF18abxhyqv', stock: '360504273', ra: 21.6399519, dec: 31.6163666 },
      dueJd: 2458430.25,
      alertId: '673285273115015035',
      state: {
        link: '-118318261',
        detections: 2,
        upperLimits: 1,
        lastDetection: { jd: 2458429.8, band: 'r', mag: 18.6, magErr: 0.08 },
      },
      results: { T2LightCurveSummary: { num_detections: 2 } },
    });
  });

  it('has no last detection where the state holds upper limits only', () => {
    const state = { link: '1', datapoints: [upperLimit] };
    expect(webhookReaction.compose({ ...occasion, state }, config)).toMatchObject({
      state: { detections: 0, upperLimits: 1, lastDetection: null },
    });
  });

  it('stays below 1 MB: larger results are left out by name', () => {
    const results = { T2Spectra: 'x'.repeat(1_000_000), T2LightCurveSummary: { num_detections: 2 } };
    const message = webhookReaction.compose({ ...occasion, results }, config);
    expect(message).toMatchObject({ results: {}, resultsOmitted: ['T2LightCurveSummary', 'T2Spectra'] });
    expect(JSON.stringify(message).length).toBeLessThan(1_000);
  });
});

describe('sending by WebhookReaction', () => {
  it('posts JSON with the idempotency key, the named secret and further headers', async () => {
    const answer = await send('/ok', { secret: 'HOOK_TOKEN', headers: { 'X-Night': '2018-11-05' } });
    expect(answer).toEqual({ status: '200', detail: '{"saved":true}' });
    expect(received).toHaveLength(1);
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': KEY,
      authorization: `Bearer ${TOKEN}`,
      'x-night': '2018-11-05',
    });
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ type: 'ampel.reaction', key: KEY });
  });

  it('sends the same bytes on every try, so that a receiver can tell a retry', async () => {
    await send('/ok');
    await send('/ok');
    expect(received[0]?.body).toBe(received[1]?.body);
    expect(received[0]?.headers.authorization).toBeUndefined();
  });

  it('is signed where the config says so, with the same id on every try', async () => {
    await send('/ok', { sign: 'HOOK_SIGN' });
    await send('/ok', { sign: ['HOOK_SIGN'] });
    const ids = received.map(({ headers, body }) => {
      const signed = headers as Record<string, string>;
      expect(new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').verify(body, signed)).toMatchObject({ key: KEY });
      return headers['webhook-id'];
    });
    expect(new Set(ids).size).toBe(1);
    await send('/ok');
    expect(received.at(-1)?.headers).not.toHaveProperty('webhook-signature');
    const failure = await failureOf(send('/ok', { sign: 'HOOK_TOKEN' }));
    expect(failure.message).toContain('The secret "HOOK_TOKEN" cannot sign');
    expect(inspect(failure)).not.toContain(TOKEN);
  });

  it('keeps the first 500 letters of an answer', async () => {
    expect(await send('/long')).toEqual({ status: '200', detail: 'a'.repeat(500) });
    expect(await send('/empty')).toEqual({ status: '204' });
  });

  it('takes the status for the answer where its text never ends: the receiver has the message', async () => {
    expect(await send('/endless', { timeoutSeconds: 0.3 })).toEqual({ status: '200', detail: 'taken, and ' });
  });

  it('tries again after a server error, and where the receiver is too busy', async () => {
    const busy = await failureOf(send('/busy'));
    expect(busy.refused).toBe(false);
    expect(busy.message).toMatch(/^127\.0\.0\.1:\d+ answered 500: try later$/);
    const limited = await failureOf(send('/limit'));
    expect(limited.refused).toBe(false);
    expect(limited.message).toMatch(/ answered 429: slow down$/);
  });

  it('tries again after a connection that is reset, silent or refused', async () => {
    const reset = await failureOf(send('/reset'));
    expect(reset.refused).toBe(false);
    expect(reset.message).toMatch(/ could not be reached: (UND_ERR_SOCKET|ECONNRESET)$/);
    const silent = await failureOf(send('/hangs', { timeoutSeconds: 0.2 }));
    expect(silent.refused).toBe(false);
    expect(silent.message).toMatch(/ gave no answer within 0\.2 s$/);
    const nobody = await failureOf(send('', { url: `http://127.0.0.1:${await unusedPort()}/` }));
    expect(nobody.refused).toBe(false);
    expect(nobody.message).toMatch(/ could not be reached: ECONNREFUSED$/);
  });

  it('gives up where the receiver says no for good', async () => {
    const { refused, message } = await failureOf(send('/nowhere'));
    expect(refused).toBe(true);
    expect(message).toMatch(/ answered 404: no such hook$/);
  });

  it('follows no redirect: message and secret go to the host in the channel file only', async () => {
    const { refused, message } = await failureOf(send('/moved', { secret: 'HOOK_TOKEN' }));
    expect(refused).toBe(true);
    expect(message).toMatch(/ answered 302, a redirect to http:\/\/other\.example: set url to the final address$/);
    expect(received).toHaveLength(1);
  });
});

describe('the secret of WebhookReaction', () => {
  it('is in no error, even where the receiver echoes it', async () => {
    expect((await failureOf(send('/echo', { secret: 'HOOK_TOKEN' }))).message).toContain(': bad Bearer [secret]');
    for (const path of ['/reset', '/busy', '/echo']) {
      const { error } = await failureOf(send(path, { secret: 'HOOK_TOKEN' }));
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 9 })).not.toContain(TOKEN);
    }
  });

  it('is in no answer, not even in part where the text is cut', async () => {
    const { detail } = await send('/echoes', { secret: 'HOOK_TOKEN' });
    expect(detail).toMatch(/^(\[secret\])+/);
    expect(detail?.replaceAll('[secret]', '')).toMatch(/^\[?[secrt]*$/);
  });

  it('is named, not shown, where it cannot be sent or is not there', async () => {
    const broken = await failureOf(send('/ok', { secret: 'BROKEN_SECRET' }));
    expect(broken.message).toContain('The secret "BROKEN_SECRET" cannot be sent in a header');
    expect(inspect(broken.error, { depth: 9 })).not.toContain(TOKEN);
    const unknown = await failureOf(send('/ok', { secret: 'HOOK_TOKN' }));
    expect(unknown.message).toBe('There is no secret "HOOK_TOKN"');
    expect(received).toHaveLength(0);
  });
});

describe('the config of WebhookReaction', () => {
  it.each([
    [{ url: 'ftp://hooks.example/' }, 'expected an address that starts with https:// or http://'],
    [{ url: 'https://me:word@hooks.example/' }, 'credentials do not belong in an address: use secret'],
    [{ url: 'https://hooks.example/', headers: { Authorization: 'Bearer x' } }, 'this header is set by the unit'],
    [{ url: 'https://hooks.example/', headers: { 'X-Night': 'a\nb' } }, 'a header holds printable ASCII only'],
    [{ url: 'https://hooks.example/', timeoutSeconds: 0 }, 'expected number to be >0'],
    [{}, 'missing, expected string'],
  ])('refuses %j', (config, message) => {
    const parsed = parseConfig(webhookReaction, config);
    expect(parsed.ok ? '' : parsed.issues.map((issue) => issue.message).join('; ')).toContain(message);
  });
});
