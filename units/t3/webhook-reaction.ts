import { z } from 'zod';
import { canonicalJson, type Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';
import type { Population, SelectedObject } from '../../model/population.js';
import { defineT3, ReactionRefused, type Answer, type Clients } from '../define.js';
import { failureText } from '../http/failure.js';
import { headerSafe } from '../http/header-safe.js';
import { signatureHeaders, signingSecret, webhookIdOf } from '../http/webhook-signature.js';

/** Set by the unit itself, or dangerous to set by hand. */
const RESERVED = [
  ...['authorization', 'idempotency-key', 'content-type', 'content-length', 'host', 'transfer-encoding'],
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
];

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, message: 'expected an address that starts with https:// or http://' })
    .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'credentials do not belong in an address: use secret')
    .describe('where the message is sent by POST'),
  secret: z.string().min(1).optional().describe('name of the secret that is sent as Authorization: Bearer'),
  sign: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(5)])
    .optional()
    .describe(
      'name of the secret that signs the message (whsec_…, Standard Webhooks), or several while one replaces another',
    ),
  headers: z
    .record(
      z
        .string()
        .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'not a name of a header')
        .refine((name) => !RESERVED.includes(name.toLowerCase()), 'this header is set by the unit (see secret)'),
      z.string().regex(/^[\t\x20-\x7e]*$/, 'a header holds printable ASCII only'),
    )
    .optional()
    .describe('further headers; nothing secret'),
  timeoutSeconds: z.number().positive().max(300).default(10).describe('give up on this try after so long'),
});

const MAX_MESSAGE_BYTES = 1_000_000;

/**
 * Tells a service of one's own about an object, as JSON by POST:
 * `{type, version, key, channel, rule, object: {name, stock, ra, dec}, dueJd, alertId,
 * state: {link, detections, upperLimits, lastDetection}, results}`, positions in degrees, times as Julian dates.
 * A message above 1 MB is sent without results: `results` is empty then and `resultsOmitted` lists their units.
 * Of a periodic run: `{type: 'ampel.population', version, key, channel, rule, dueJd, count, objects: [{name, stock, ra, dec,
 * firstAcceptedJd, detections, upperLimits, lastDetection, results}]}`.
 * The header `Idempotency-Key` is the same on every try. Redirects are not followed. With `sign` it is signed after Standard Webhooks.
 */
export const webhookReaction = defineT3({
  name: 'WebhookReaction',
  version: '1.0.0',
  summary: 'Posts what is known of the object to an address of your own, as JSON.',
  config,
  knowsKeys: true,
  compose: (occasion) => {
    const message = messageOf(occasion, { results: occasion.results });
    if (Buffer.byteLength(canonicalJson(message)) <= MAX_MESSAGE_BYTES) return message;
    return messageOf(occasion, { results: {}, resultsOmitted: Object.keys(occasion.results).sort() });
  },
  summarize: (population) => {
    const message = summaryOf(population, ({ results }) => ({ results }));
    if (Buffer.byteLength(canonicalJson(message)) <= MAX_MESSAGE_BYTES) return message;
    return summaryOf(population, ({ results }) => ({ results: {}, resultsOmitted: Object.keys(results).sort() }));
  },
  async send(message, key, { url, secret, sign, headers, timeoutSeconds }, clients) {
    const token = secret === undefined ? undefined : headerSafe(secret, clients.secret(secret));
    const body = canonicalJson(message);
    const signed = signatureOf(sign, { id: webhookIdOf(key), at: new Date(), body }, clients);
    let response: Response;
    try {
      response = await clients.fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
        headers: {
          ...headers,
          ...signed,
          'content-type': 'application/json',
          'idempotency-key': key,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body,
      });
    } catch (error) {
      throw new Error(`${new URL(url).host} ${failureText(error, timeoutSeconds)}`, { cause: error });
    }
    return judge(response, url, await startOfBody(response, token));
  },
});

function signatureOf(
  sign: string | readonly string[] | undefined,
  signed: Parameters<typeof signatureHeaders>[1],
  clients: Clients,
): Record<string, string> {
  if (sign === undefined) return {};
  const names = typeof sign === 'string' ? [sign] : sign;
  return signatureHeaders(
    names.map((name) => signingSecret(name, clients.secret(name))),
    signed,
  );
}

function messageOf(occasion: Occasion, results: Record<string, Json>): Json {
  const { key, channel, rule, objectId, stock, position, dueJd, alertId, state } = occasion;
  return {
    type: 'ampel.reaction',
    version: 1,
    key,
    channel,
    rule,
    object: { name: objectId, stock, ra: position.ra, dec: position.dec },
    dueJd,
    alertId,
    state: {
      link: state.link,
      detections: state.datapoints.filter(({ kind }) => kind === 'detection').length,
      upperLimits: state.datapoints.filter(({ kind }) => kind === 'upperLimit').length,
      lastDetection: lastDetection(state.datapoints),
    },
    ...results,
  };
}

function summaryOf(
  { key, channel, rule, dueJd, count, objects }: Population,
  resultsOf: (object: SelectedObject) => Record<string, Json>,
): Json {
  return {
    ...{ type: 'ampel.population', version: 1, key, channel, rule, dueJd, count },
    objects: objects.map((object) => {
      const { objectId: name, stock, position, firstAcceptedJd, detections, upperLimits, lastDetection: last } = object;
      const { ra, dec } = position;
      const seen = last === undefined ? null : { ...last, mag: last.mag ?? null };
      return {
        name,
        stock,
        ra,
        dec,
        firstAcceptedJd,
        detections,
        upperLimits,
        lastDetection: seen,
        ...resultsOf(object),
      };
    }),
  };
}

function lastDetection(datapoints: readonly Datapoint[]): Json {
  let last: Datapoint | undefined;
  for (const point of datapoints) {
    if (point.kind === 'detection' && (last === undefined || point.jd > last.jd)) last = point;
  }
  if (last === undefined) return null;
  const { jd, band, body } = last;
  return { jd, band, mag: finite(body['magpsf']), magErr: finite(body['sigmapsf']) };
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Client errors that pass by themselves: request timeout, too early, too many requests. */
const PASSING = [408, 425, 429];

function judge(response: Response, url: string, text: string): Answer {
  const { status } = response;
  if (response.ok) return { status: String(status), ...(text === '' ? {} : { detail: text }) };
  const { host } = new URL(url);
  if (status >= 300 && status < 400) {
    const location = response.headers.get('location') ?? '';
    const target = URL.canParse(location, url) ? new URL(location, url).origin : 'nowhere';
    throw new ReactionRefused(`${host} answered ${status}, a redirect to ${target}: set url to the final address`);
  }
  const said = `${host} answered ${status}${text === '' ? '' : `: ${text}`}`;
  if (status < 500 && !PASSING.includes(status)) throw new ReactionRefused(said);
  throw new Error(said);
}

const DETAIL_LETTERS = 500;
const READ_LETTERS = 10_000;

/** The first letters of the answer, without the secret that the receiver may have echoed. */
async function startOfBody(response: Response, secret: string | undefined): Promise<string> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const decoder = new TextDecoder();
  let text = '';
  let isWhole = false;
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > READ_LETTERS) break;
    }
    isWhole = text.length <= READ_LETTERS;
  } catch {
    // The status is the answer; a text that breaks off or never ends changes nothing about it.
  }
  if (secret !== undefined) {
    text = text.replaceAll(secret, '[secret]');
    // What was cut may have been cut inside the secret.
    if (!isWhole) text = text.slice(0, -secret.length);
  }
  return text.slice(0, DETAIL_LETTERS);
}
