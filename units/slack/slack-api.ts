import { z } from 'zod';
import { ReactionRefused, TryAgain, type Clients } from '../define.js';
import { failureText, isUnsent } from '../http/failure.js';
import { headerSafe } from '../http/header-safe.js';
import { saidNo } from './said-no.js';

export interface SlackAccess {
  readonly apiUrl: string;
  /** Name of the token. */
  readonly secret: string;
  readonly timeoutSeconds: number;
}

/**
 * Calls a method of Slack once. Throws as `T3Unit.send` does: `ReactionRefused` where Slack says no for good, `TryAgain` where it
 * has surely not acted, another error where nobody knows. What it throws has no causes: those of the library hold the request.
 */
export type SlackApi = (method: string, args: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Slack's Web API by its own library. */
export async function slackApi(access: SlackAccess, clients: Clients): Promise<SlackApi> {
  const { apiUrl, secret } = access;
  const token = tokenOf(secret, clients);
  // Not before it is needed: every command reads the units.
  const { LogLevel, WebAPIPlatformError, WebAPIRequestError, WebClient } = await import('@slack/web-api');
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    fetch: async (url, request) =>
      answerOf(await reached(clients, access, { url, request: { ...request, redirect: 'manual' } }), access),
    // Retries are the workflow's, which remembers them.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: { ...SILENT, getLevel: () => LogLevel.ERROR },
  });
  const host = hostOf(apiUrl);
  const problemOf = (error: unknown, method: string): Error => {
    if (error instanceof WebAPIRequestError) return error.original;
    if (error instanceof WebAPIPlatformError) return saidNo({ host, secret, token, answer: error.data });
    return new Error(`${host}: ${method} failed in a way that says nothing`);
  };
  return async (method, args) => {
    try {
      return await client.apiCall(method, { ...args });
    } catch (error) {
      throw problemOf(error, method);
    }
  };
}

/** Whoever sets the secret again need not do more: nothing was sent. */
function tokenOf(secret: string, clients: Clients): string {
  try {
    return headerSafe(secret, clients.secret(secret));
  } catch (error) {
    throw new TryAgain(error instanceof Error ? error.message : `the secret "${secret}" cannot be read`);
  }
}

interface Request {
  readonly url: string | URL;
  readonly request: RequestInit;
}

interface Reached {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** A page of 200 messages has about one. */
const MAX_ANSWER_BYTES = 20_000_000;

async function reached(
  { fetch }: Clients,
  { apiUrl, timeoutSeconds }: SlackAccess,
  { url, request }: Request,
): Promise<Reached> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), text: await textOf(response) };
  } catch (error) {
    const said = `${hostOf(apiUrl)} ${failureText(error, timeoutSeconds)}`;
    throw isUnsent(error) ? new TryAgain(said) : new Error(said);
  }
}

async function textOf(response: Response): Promise<string> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString();
}

const slackAnswer = z.looseObject({ ok: z.boolean() });

/** Client errors that pass by themselves, perhaps after a proxy has passed the request on. */
const PASSING = [408, 425];

/** The answer, where it is one of Slack; the library would take any other text for an error code. */
function answerOf({ status, retryAfter, text }: Reached, { apiUrl }: SlackAccess): Response {
  const host = hostOf(apiUrl);
  if (status === 429) throw new TryAgain(`${host} asks to wait (429)`, waitMs(retryAfter));
  if (status >= 300 && status < 400)
    throw new ReactionRefused(`${host} answered ${status}, a redirect: set apiUrl to the final address`);
  if (status >= 400 && status < 500 && !PASSING.includes(status))
    throw new ReactionRefused(`${host} answered ${status}, which is not Slack's way to say no: is apiUrl right?`);
  if (status !== 200) throw new Error(`${host} answered ${status}`);
  if (!slackAnswer.safeParse(jsonOf(text)).success) throw new Error(`${host} answered with no JSON of Slack's Web API`);
  const headers = { 'content-type': 'application/json', ...(retryAfter !== null && { 'retry-after': retryAfter }) };
  return new Response(text, { status, headers });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const LONGEST_WAIT_S = 3600;

/** Retry-After in ms: at least a second, and no longer than a person would wait. */
function waitMs(retryAfter: string | null): number | undefined {
  if (retryAfter === null || !/^\d+$/.test(retryAfter)) return undefined;
  return Math.min(Math.max(Number(retryAfter), 1), LONGEST_WAIT_S) * 1000;
}

function hostOf(url: string): string {
  return new URL(url).host;
}

const ignore = (): void => undefined;

/** The library would print what it sends. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore, setLevel: ignore, setName: ignore };
