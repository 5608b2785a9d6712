import { z } from 'zod';
import { canonicalJson, type Json } from '../../model/canonical-json.js';
import { defineT3, ReactionRefused, TryAgain, type Answer, type Clients } from '../define.js';
import { failureText, isUnsent } from '../http/failure.js';
import { shown } from '../message/shown.js';
import { slackMessage } from '../slack/slack-message.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const config = z.strictObject({
  secret: z
    .string()
    .min(1)
    .describe('name of the secret that is the address of the webhook (https://hooks.slack.com/services/…)'),
  ...shown,
  timeoutSeconds: z.number().positive().max(50).default(10).describe('give up on this try after so long'),
});

const blocks = z.object({ text: z.string(), blocks: z.array(z.json()) });

/**
 * Tells people in a Slack channel about an object through an incoming webhook: without an app's token, and so without threads,
 * pictures, and a way to look up in doubt what was posted, which is left to a person. Its address is a secret: who has it can post.
 */
export const slackWebhookReaction = defineT3({
  name: 'SlackWebhookReaction',
  version: '1.0.0',
  summary: 'Posts what is known of the object to a Slack channel through an incoming webhook.',
  config,
  compose: (occasion, { links, fields }) =>
    blocks.parse(slackMessage(occasion, { channel: '', links, fields })) as Json,
  async send(message, _key, access, clients) {
    const url = addressOf(access.secret, clients);
    return judge(await posted(url, canonicalJson(message), access.timeoutSeconds, clients), access.secret);
  },
});

/** Whoever sets the secret again need not do more: nothing was sent. No message shows any of it. */
function addressOf(secret: string, clients: Clients): URL {
  const value = clients.secret(secret);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url === undefined || !isSafe || url.username !== '' || url.password !== '')
    throw new TryAgain(`the secret "${secret}" is no address of a webhook, such as https://hooks.slack.com/services/…`);
  return url;
}

interface Reply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

const READ_LETTERS = 1000;

async function posted(url: URL, body: string, timeoutSeconds: number, { fetch }: Clients): Promise<Reply> {
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', redirect: 'manual', body, headers: { 'content-type': 'application/json' } },
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), text: (await response.text()).slice(0, READ_LETTERS) };
  } catch (error) {
    const said = `${url.host} ${failureText(error, timeoutSeconds)}`;
    throw isUnsent(error) ? new TryAgain(said) : new Error(said);
  }
}

const LONGEST_WAIT_S = 3600;

/** Slack answers `ok`, or one word that says why not: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function judge({ status, retryAfter, text }: Reply, secret: string): Answer {
  if (status === 200 && text === 'ok') return { status: 'posted' };
  if (status === 429) {
    const seconds = Number(retryAfter ?? Number.NaN);
    throw new TryAgain('Slack asks to wait (429)', seconds > 0 ? Math.min(seconds, LONGEST_WAIT_S) * 1000 : undefined);
  }
  // Other texts may hold the address.
  const word = /^[a-z_]{1,60}$/.exec(text)?.[0];
  if (status >= 400 && status < 500 && word !== undefined)
    throw new ReactionRefused(
      `Slack says ${word}: ${ADVICE.get(word) ?? `is the webhook of the secret "${secret}" right?`}`,
    );
  if (status >= 300 && status < 500)
    throw new ReactionRefused(`the webhook of the secret "${secret}" answered ${status}: is it one of Slack's?`);
  throw new Error(`the webhook answered ${status}${status === 200 ? ' and not "ok"' : ''}`);
}

const GONE = 'the webhook was removed or revoked: make a new one and set the secret to its address';
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['no_service', GONE],
  ['no_service_id', GONE],
  ['invalid_token', GONE],
  ['no_team', GONE],
  ['team_disabled', GONE],
  ['channel_is_archived', 'unarchive the channel, or make a webhook for another'],
  ['channel_not_found', 'the channel is gone: make a webhook for another'],
  ['action_prohibited', 'an administrator of the workspace has to allow it'],
  ['posting_to_general_channel_denied', 'an administrator of the workspace has to allow it'],
  ['invalid_blocks', 'show fewer fields or links'],
  ['invalid_payload', 'show fewer fields or links'],
]);
