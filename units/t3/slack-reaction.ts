import { z } from 'zod';
import type { Json } from '../../model/canonical-json.js';
import type { Occasion } from '../../model/occasion.js';
import { defineT3, ReactionRefused, type Answer, type Found } from '../define.js';
import { shown } from '../message/shown.js';
import { slackApi, type SlackApi } from '../slack/slack-api.js';
import { slackMessage } from '../slack/slack-message.js';
import { postPictures } from '../slack/slack-pictures.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const config = z.strictObject({
  channel: z
    .string()
    .regex(
      /^[CGD][A-Z0-9]{2,29}$/,
      'expected the ID of a conversation, such as C024BE91L: it stands at the end of its details',
    )
    .describe('ID of the Slack channel, such as C024BE91L; its name can change'),
  secret: z.string().min(1).describe("name of the secret that is the app's bot token (xoxb-…)"),
  ...shown,
  plot: z
    .boolean()
    .default(true)
    .describe('with light curve and image stamps in the thread; needs the scope files:write'),
  apiUrl: z
    .url({ protocol: /^https?$/, message: 'expected an address that starts with https://' })
    .refine(isSafe, 'expected https:// (http:// to this machine only), without credentials, ? and #')
    .default('https://slack.com/api/')
    .describe('where the Web API is, for a proxy'),
  timeoutSeconds: z.number().positive().max(50).default(10).describe('give up on this try after so long'),
});

/** The token goes there. */
function isSafe(address: string): boolean {
  const { protocol, hostname, username, password, search, hash } = new URL(address);
  if (`${username}${password}${search}${hash}` !== '') return false;
  return protocol === 'https:' || LOOPBACK.test(hostname);
}

/**
 * Tells people in a Slack channel about an object. The first message on it begins a thread; what the rules of this unit say later
 * goes there. Each message has the key in its metadata, by which `find` knows it again.
 */
export const slackReaction = defineT3({
  name: 'SlackReaction',
  version: '1.1.0',
  summary: 'Posts what is known of the object to a Slack channel, and later news in a thread there.',
  config,
  compose(occasion, { channel, links, fields }) {
    const threadTs = threadOf(occasion, channel);
    return slackMessage(occasion, { channel, links, fields, ...(threadTs !== undefined && { threadTs }) });
  },
  async send(message, key, access, clients, pictures) {
    const call = await slackApi(access, clients);
    const metadata = { event_type: EVENT_TYPE, event_payload: { key } };
    const said = await call('chat.postMessage', { ...composed.parse(message), ...QUIET, metadata });
    const { channel, ts } = postedOf(said);
    const answer = answerAbout({ channel, ts }, message);
    if (!access.plot || pictures === undefined) return answer;
    const thread = { channel, ts: composed.parse(message).thread_ts ?? ts };
    const detail = await postPictures(call, clients, access, thread, pictures);
    return { ...answer, ...(detail !== undefined && { detail }) };
  },
  async find(message, key, access, clients, since) {
    const call = await slackApi(access, clients);
    try {
      return await search(call, message, key, since);
    } catch (error) {
      // It has said no for good to the question: a scope is missing, the channel is gone.
      if (error instanceof ReactionRefused) return 'cannot tell';
      throw error;
    }
  },
});

const EVENT_TYPE = 'ampel_reaction';

/** Names in a message stay names, and links bring no pictures. */
const QUIET = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false };

const conversation = z.string().regex(/^[A-Z0-9]{2,30}$/);
const timestamp = z.string().regex(/^\d{1,12}\.\d{1,9}$/);

const composed = z.looseObject({ channel: conversation, thread_ts: timestamp.optional(), text: z.string() });
const reference = z.object({ channel: conversation, ts: timestamp, threadTs: timestamp.optional() });
const posted = z.object({ channel: conversation, ts: timestamp });

/** The message that began the thread on this object in this Slack channel. */
function threadOf({ earlier }: Occasion, channel: string): string | undefined {
  for (const one of earlier) {
    const { data } = reference.safeParse(one.reference);
    if (data?.channel === channel) return data.threadTs ?? data.ts;
  }
  return undefined;
}

function postedOf(answer: unknown): z.output<typeof posted> {
  const { data } = posted.safeParse(answer);
  if (data === undefined) throw new Error('Slack says ok, but not which message it has posted');
  return data;
}

function answerAbout({ channel, ts }: z.output<typeof posted>, message: Json): Answer {
  const { thread_ts: threadTs } = composed.parse(message);
  if (threadTs === undefined) return { status: 'posted', reference: { channel, ts } };
  return { status: 'posted in the thread', reference: { channel, ts, threadTs } };
}

/** Slack advises no more than 200. */
const PAGE_MESSAGES = 200;
const MAX_PAGES = 20;
/** Its clock is not the worker's. */
const CLOCKS_DIFFER_MS = 10 * 60_000;

const page = z.object({
  messages: z.array(
    z.object({
      ts: timestamp,
      text: z.string().nullish(),
      metadata: z
        .object({ event_type: z.string().nullish(), event_payload: z.record(z.string(), z.unknown()).nullish() })
        .nullish(),
    }),
  ),
  has_more: z.boolean().nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
type Page = z.output<typeof page>;

async function search(call: SlackApi, message: Json, key: string, since: Date): Promise<Found> {
  const { channel, thread_ts: threadTs, text } = composed.parse(message);
  const where = {
    ...{ channel, oldest: ((since.getTime() - CLOCKS_DIFFER_MS) / 1000).toFixed(6) },
    ...{ limit: PAGE_MESSAGES, include_all_metadata: true },
  };
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const next = { ...where, ...(cursor !== undefined && { cursor }) };
    const { data } = page.safeParse(
      threadTs === undefined
        ? await call('conversations.history', next)
        : await call('conversations.replies', { ...next, ts: threadTs }),
    );
    if (data === undefined) throw new Error('Slack says ok, but gives no list of messages');
    const found = data.messages.find(({ metadata }) => metadata?.event_payload?.['key'] === key && isOurs(metadata));
    if (found !== undefined) return answerAbout({ channel, ts: found.ts }, message);
    if (data.messages.some((one) => isNameless(one, text))) return 'cannot tell';
    cursor = data.response_metadata?.next_cursor ?? '';
    if (cursor === '') return data.has_more === true ? 'cannot tell' : 'not there';
  }
  return 'cannot tell';
}

function isOurs(metadata: Page['messages'][number]['metadata']): boolean {
  return metadata?.event_type === EVENT_TYPE;
}

/** It may be the one: what it carries is not shown to this token, or was taken off. */
function isNameless({ text, metadata }: Page['messages'][number], own: string): boolean {
  if (isOurs(metadata)) return typeof metadata?.event_payload?.['key'] !== 'string';
  return text === own;
}
