import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientsWith, expectFailure, occasion } from '../../test/receivers/slack-rig.js';
import { slackWebhookReaction } from './slack-webhook-reaction.js';

const PATH = '/services/T0/B0/not-a-real-webhook';

/** What the next request meets; `hang up` acts first. */
type Reply = { readonly status: number; readonly body: string; readonly retryAfter?: string } | 'hang up' | 'silence';

const OK: Reply = { status: 200, body: 'ok' };
let server: Server;
let reply: Reply;
let posted: unknown[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.url !== PATH) {
        response.writeHead(404).end('no_service');
        return;
      }
      if (reply === 'silence') return;
      if (reply === 'hang up' || reply.status === 200) posted.push(JSON.parse(body));
      if (reply === 'hang up') response.destroy();
      else
        response.writeHead(reply.status, reply.retryAfter ? { 'retry-after': reply.retryAfter } : {}).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  reply = OK;
  posted = [];
});

const message = slackWebhookReaction.compose(occasion, config());

function config(more: object = {}): ReturnType<typeof slackWebhookReaction.config.parse> {
  return slackWebhookReaction.config.parse({ secret: 'HOOK', ...more });
}

function send(path = PATH, more: object = {}): ReturnType<typeof slackWebhookReaction.send> {
  const address = path.startsWith('/') ? `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}` : path;
  return slackWebhookReaction.send(message, 'key', config(more), clientsWith({ HOOK: address }));
}

describe('SlackWebhookReaction', () => {
  it('posts text and blocks, and nothing that says where', async () => {
    expect(await send()).toEqual({ status: 'posted' });
    expect(posted).toEqual([message]);
    expect(Object.keys(message as object).sort()).toEqual(['blocks', 'text']);
  });

  it.each<[string, Reply, 'refused' | 'try again' | 'doubt', string]>([
    ['a revoked webhook', { status: 404, body: 'no_service' }, 'refused', 'make a new one'],
    ['an archived channel', { status: 410, body: 'channel_is_archived' }, 'refused', 'unarchive'],
    ['an answer that holds the address', { status: 403, body: `no ${PATH}` }, 'refused', 'answered 403'],
    ['a limit', { status: 429, body: 'rate_limited', retryAfter: '7' }, 'try again', 'wait'],
    ['an outage', { status: 503, body: '' }, 'doubt', '503'],
    ['another text', { status: 200, body: '<html>' }, 'doubt', 'not "ok"'],
    ['a lost answer', 'hang up', 'doubt', 'could not be reached'],
    ['silence', 'silence', 'doubt', 'no answer within'],
  ])('tells %s apart', async (_what, next, kind, said) => {
    reply = next;
    const doing = send(PATH, { timeoutSeconds: 0.3 });
    await expectFailure(doing, kind, said);
    await expect(doing).rejects.not.toThrow('not-a-real-webhook');
  });

  it.each(['not an address', 'http://hooks.example.org/x', 'https://user:word@hooks.slack.com/services/x'])(
    'sends nothing where the secret is %s',
    async (address) => {
      await expectFailure(send(address), 'try again', 'the secret "HOOK" is no address of a webhook');
    },
  );

  it('is tried again where nobody listens', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => other.close(resolve));
    await expectFailure(send(`http://127.0.0.1:${port}/x`), 'try again', 'ECONNREFUSED');
  });
});
