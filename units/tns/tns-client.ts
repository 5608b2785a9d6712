import { z } from 'zod';
import type { Clients } from '../define.js';

/** Where TNS is and who asks. */
export interface TnsAccess {
  /** `https://sandbox.wis-tns.org` */
  readonly base: string;
  readonly bot: { readonly id: number; readonly name: string };
  readonly key: string;
  readonly timeoutMs: number;
  readonly fetch: Clients['fetch'];
}

/** What TNS said, without the key that it may have echoed. */
export interface TnsSaid {
  readonly code: number;
  /** JSON of the part `data`; undefined where there was none. */
  readonly data: unknown;
  /** For a person: who said what. */
  readonly text: string;
  /** How long TNS wants to be left alone. */
  readonly waitMs?: number;
}

/** No answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(
    message: string,
    /** False only where nothing can have arrived. */
    readonly mayHaveArrived: boolean,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const TNS_PATHS = {
  search: '/api/get/search',
  report: '/api/set/bulk-report',
  reply: '/api/get/bulk-report-reply',
} as const;

/** The connection was never made. */
const NEVER_ARRIVED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

const envelope = z.object({
  id_code: z.coerce.number().optional(),
  id_message: z.string().optional(),
  data: z.unknown(),
});

/** Asks TNS once. Throws `NoAnswer`. */
export async function askTns(
  { base, bot, key, timeoutMs, fetch }: TnsAccess,
  to: keyof typeof TNS_PATHS,
  form: Readonly<Record<string, string>>,
): Promise<TnsSaid> {
  const { host } = new URL(base);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${base}${TNS_PATHS[to]}`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'user-agent': `tns_marker${JSON.stringify({ tns_id: bot.id, type: 'bot', name: bot.name })}`,
        accept: 'application/json',
      },
      body: new URLSearchParams({ api_key: key, ...form }),
    });
    text = withoutKey(await textOf(response), key);
  } catch (error) {
    const why = reasonOf(error);
    const message = why === 'TimeoutError' ? `gave no answer within ${timeoutMs / 1000} s` : `broke off: ${why}`;
    throw new NoAnswer(`${host} ${message}`, !NEVER_ARRIVED.includes(why), { cause: error });
  }
  const parsed = envelope.safeParse(jsonOf(text));
  // TNS has sent errors with status 200 whose `id_code` tells.
  const code = response.ok ? (parsed.data?.id_code ?? response.status) : response.status;
  const waitMs = waitOf(response.headers);
  return {
    code,
    data: parsed.success && !(parsed.data.data === null) ? parsed.data.data : undefined,
    text: `${host} answered ${code}: ${excerpt(parsed.data?.id_message, text)}`,
    ...(waitMs !== undefined && { waitMs }),
  };
}

const MAX_LETTERS = 1_000_000;
const EXCERPT_LETTERS = 200;

/** What TNS says is short; what is longer is no JSON any more. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: AsyncIterable<Uint8Array> | null = body;
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_LETTERS) break;
  }
  return text;
}

/** As it is, in JSON, in a form. */
function withoutKey(text: string, key: string): string {
  const inForm = new URLSearchParams({ key }).toString().slice('key='.length);
  const spellings = [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key), inForm];
  return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '[secret]'), text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(message: string | undefined, text: string): string {
  const start = text.replace(/\s+/g, ' ').trim().slice(0, EXCERPT_LETTERS);
  return [message ?? '', start].filter(Boolean).join(', ') || 'no text';
}

/** Of each limit there is a header `…-remaining` and one `…-reset`, in seconds. */
function waitOf(headers: Headers): number | undefined {
  const seconds = [...headers].flatMap(([name, value]) => {
    const isUsedUp = name.endsWith('-remaining') && Number(value) === 0;
    return isUsedUp ? [Number(headers.get(name.replace(/remaining$/, 'reset')))] : [];
  });
  const longest = Math.max(...seconds.filter((wait) => wait > 0), 0);
  return longest === 0 ? undefined : (longest + 1) * 1000;
}

/** `fetch` says no more than "fetch failed"; what happened is in the cause. */
function reasonOf(error: unknown): string {
  const cause: unknown = field(error, 'cause') ?? error;
  if (field(error, 'name') === 'TimeoutError' || field(cause, 'name') === 'TimeoutError') return 'TimeoutError';
  const why = field(cause, 'code') ?? field(cause, 'message') ?? field(error, 'message');
  return typeof why === 'string' && why !== '' ? why : 'no reason given';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
