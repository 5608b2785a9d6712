import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import {
  ARCHIVED,
  blocksOf,
  CHANNEL,
  clientsWith,
  expectFailure,
  failureOf,
  KEY,
  SlackRig,
  STRANGE,
  TOKEN,
} from '../../test/receivers/slack-rig.js';
import type { Trouble } from '../../test/receivers/slack-server.js';
import { parseConfig } from '../parse-config.js';
import { slackReaction } from './slack-reaction.js';

const rig = new SlackRig();
const slack = rig.server;

beforeAll(() => rig.begin());
afterAll(() => slack.goDown());
beforeEach(() => {
  slack.forget();
});

describe('sending by SlackReaction', () => {
  it('posts once, with the token in a header and the key in the metadata', async () => {
    const answer = await rig.send();
    const [message, ...others] = slack.messages(CHANNEL);
    expect(answer).toEqual({ status: 'posted', reference: { channel: CHANNEL, ts: message?.ts } });
    expect(others).toEqual([]);
    expect(message?.metadata).toEqual({ event_type: 'ampel_reaction', event_payload: { key: KEY } });
    expect(message?.blocks).toEqual(blocksOf(rig.compose()));
    expect(slack.calls).toEqual(['chat.postMessage']);
    expect(slack.args[0]?.has('token')).toBe(false);
    expect(inspect([answer, slack.args, rig.compose()], { depth: 20 })).not.toContain(TOKEN);
  });

  it('goes through the client that it is given, and through no other', async () => {
    const asked: string[] = [];
    const own: typeof fetch = (input, init) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return fetch(input, init);
    };
    await rig.send({ clients: { ...clientsWith(), fetch: own } });
    expect(asked).toEqual([`${slack.apiUrl}chat.postMessage`]);
  });

  it.each<[string, Trouble, number | undefined]>([
    ['is told to wait', { kind: 'rate limit', retryAfter: '17' }, 17_000],
    ['is told to wait, and not how long', { kind: 'rate limit' }, undefined],
    ['is told to wait for ever', { kind: 'rate limit', retryAfter: '99999999' }, 3_600_000],
    ['is told to wait in the answer', { kind: 'say', error: 'ratelimited' }, undefined],
    ['finds the workspace moving', { kind: 'say', error: 'team_added_to_org' }, undefined],
  ])('is tried again where it %s, and has posted nothing', async (_, trouble, afterMs) => {
    slack.trouble(trouble);
    expect(await failureOf(rig.send())).toMatchObject({ kind: 'try again', afterMs });
    expect(slack.calls).toHaveLength(1);
    expect(slack.messages(CHANNEL)).toEqual([]);
  });

  it.each([
    ['invalid_auth', {}, 'the secret "SLACK" is no valid token', { SLACK: `${TOKEN}-old` }],
    ['channel_not_found', { channel: 'C0NOWHERE' }, 'is it right, and is the app invited', undefined],
    ['not_in_channel', { channel: STRANGE }, 'invite the app to the channel', undefined],
    ['is_archived', { channel: ARCHIVED }, 'name another, or unarchive it', undefined],
  ])('is refused for good by %s, with advice', async (error, extra, advice, secrets) => {
    const sending = rig.send({ extra, clients: clientsWith(secrets) });
    await expectFailure(sending, 'refused', new RegExp(`^[0-9.:]+ says ${error}: .*${advice}`));
  });

  it.each([
    ['msg_too_long', 'show fewer fields or links'],
    ['token_revoked', "the app's Bot User OAuth Token"],
    ['restricted_action_read_only_channel', 'let others post there only'],
    ['org_login_required', 'an administrator'],
    ['some_news_of_slack', 'see https://docs.slack.dev'],
  ])('is refused for good where Slack says %s', async (error, advice) => {
    slack.trouble({ kind: 'say', error });
    await expectFailure(rig.send(), 'refused', advice);
  });

  it('names the scope that is missing', async () => {
    slack.scopes.delete('chat:write');
    await expectFailure(rig.send(), 'refused', 'add the scope chat:write to the app');
  });

  it('is refused for good by what is not Slack, and follows no redirect with its token', async () => {
    slack.trouble({ kind: 'redirect', to: `${slack.apiUrl}other` });
    await expectFailure(rig.send(), 'refused', 'a redirect: set apiUrl');
    slack.trouble({ kind: 'answer', acts: false, status: 404, body: '<html>' });
    await expectFailure(rig.send(), 'refused', 'answered 404, which is not');
    expect(slack.calls).toHaveLength(2);
  });

  it.each<[Trouble, RegExp]>([
    [{ kind: 'hang up', acts: true }, / could not be reached: (UND_ERR_SOCKET|ECONNRESET)$/],
    [{ kind: 'hang up', acts: false }, / could not be reached: (UND_ERR_SOCKET|ECONNRESET)$/],
    [{ kind: 'half-open', acts: true }, / gave no answer within 0\.4 s$/],
    [{ kind: 'slow', ms: 1_000 }, / gave no answer within 0\.4 s$/],
    [{ kind: 'answer', acts: true, status: 503, body: 'busy' }, / answered 503$/],
    [{ kind: 'answer', acts: true, body: '{"ok":tr' }, / answered with no JSON of Slack's Web API$/],
    [{ kind: 'answer', acts: false, body: 'unavailable' }, / answered with no JSON of Slack's Web API$/],
    [{ kind: 'answer', acts: false, body: 'null' }, / answered with no JSON of Slack's Web API$/],
    [{ kind: 'answer', acts: true, body: '{"ok":true}' }, /^Slack says ok, but not which message it has posted$/],
    [{ kind: 'answer', acts: true, body: '{"ok":false}' }, / answered no without saying why$/],
    [{ kind: 'answer', acts: true, body: '{"ok":true,"response_metadata":{"messages":7}}' }, / says nothing$/],
    [{ kind: 'say', error: 'fatal_error' }, / says fatal_error$/],
    [{ kind: 'say', error: 'internal_error' }, / says internal_error$/],
  ])('leaves a doubt after %j', async (trouble, message) => {
    slack.trouble(trouble);
    await expectFailure(rig.send({ extra: { timeoutSeconds: 0.4 } }), 'doubt', message);
    // The library has tried it once.
    expect(slack.calls).toEqual(['chat.postMessage']);
  });

  it('waits for what is slow, within its time', async () => {
    slack.trouble({ kind: 'slow', ms: 200 });
    expect(await rig.send()).toMatchObject({ status: 'posted' });
  });

  it('is tried again where nobody listens, or nobody knows the host', async () => {
    const apiUrl = `http://127.0.0.1:${await unusedPort()}/api`;
    await expectFailure(rig.send({ extra: { apiUrl } }), 'try again', / could not be reached: ECONNREFUSED$/);
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND slack.com'), { code: 'ENOTFOUND' });
    const nameless = { ...clientsWith(), fetch: () => Promise.reject(new TypeError('fetch failed', { cause })) };
    await expectFailure(rig.send({ clients: nameless }), 'try again', / could not be reached: ENOTFOUND$/);
  });
});

describe('the config of SlackReaction', () => {
  const least = { channel: CHANNEL, secret: 'SLACK' };

  it('needs a channel and the name of a secret', () => {
    expect(slackReaction.config.parse(least)).toEqual({
      ...least,
      ...{ fields: [], links: [], plot: true, apiUrl: 'https://slack.com/api/', timeoutSeconds: 10 },
    });
  });

  it.each([
    [{ channel: '#transients' }, 'expected the ID of a conversation, such as C024BE91L'],
    [{ apiUrl: 'http://slack.example/api/' }, 'http:// to this machine only'],
    [{ apiUrl: 'http://127.0.0.1.evil.example/' }, 'http:// to this machine only'],
    [{ apiUrl: 'https://me:word@slack.example/api/' }, 'without credentials'],
    [{ apiUrl: 'https://slack.example/api/?x=' }, 'without credentials, ? and #'],
    [{ apiUrl: 'ftp://slack.example/' }, 'expected an address that starts with https://'],
    [{ fields: ['T2LightCurveSummary.'] }, 'expected a unit and keys'],
    [{ fields: Array(41).fill('T2Age') }, 'expected array to have <=40 items'],
    [{ links: ['https://example.org/{name}'] }, 'unknown {name}, expected one of {objectId}, {stock}'],
    [{ links: ['https://{objectId}.example.org/'] }, 'what stands in {} belongs after the host'],
    [{ links: ['https://{objectId}@example.org/'] }, 'credentials do not belong in a link'],
    [{ links: ['javascript:alert(1)'] }, 'expected an address that starts with https:// or http://'],
    [{ timeoutSeconds: 51 }, 'expected number to be <=50'],
    [{ secret: undefined }, 'missing, expected string'],
  ])('refuses %j', (changes, message) => {
    const parsed = parseConfig(slackReaction, { ...least, ...changes });
    expect(parsed.ok ? '' : parsed.issues.map((issue) => issue.message).join('; ')).toContain(message);
  });

  it.each(['http://localhost:3000/api', 'http://[::1]:3000/', 'https://proxy.example/slack/api'])(
    'takes %s for the address',
    (apiUrl) => {
      expect(slackReaction.config.safeParse({ ...least, apiUrl }).success).toBe(true);
    },
  );
});

/** A port that was free a moment ago. */
async function unusedPort(): Promise<number> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  return port;
}
