import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SlackFiles } from './slack-files.js';
import { blocksFault } from './slack-limits.js';

/** A message as Slack keeps it. */
export interface KeptMessage {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly text: string;
  readonly blocks?: unknown;
  readonly metadata?: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> };
  /** What else the call said, such as `parse`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What goes wrong with a call. `acts`: Slack does what it is asked to, and only the answer suffers. */
export type Trouble =
  | { readonly kind: 'hang up'; readonly acts: boolean }
  | { readonly kind: 'half-open'; readonly acts: boolean }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'answer'; readonly acts: boolean; readonly status?: number; readonly body: string }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'rate limit'; readonly retryAfter?: string }
  | { readonly kind: 'say'; readonly error: string; readonly needed?: string };

interface Planned {
  readonly trouble: Trouble;
  readonly method: string | undefined;
  left: number;
}

interface Conversation {
  readonly messages: KeptMessage[];
  isArchived: boolean;
  isMember: boolean;
}

type Args = ReadonlyMap<string, unknown>;
type Reply = Readonly<Record<string, unknown>> & { readonly ok: boolean };

const SCOPES = ['chat:write', 'channels:history', 'files:write'];

/** The text that Slack takes, beyond which it says `msg_too_long`. */
const MAX_TEXT = 40_000;
/** What a page has where nothing else is asked for, and at most. */
const PAGE = { usual: 100, most: 999 };

/** A server on loopback that answers as Slack's Web API does, and has the troubles that it is told to have. */
export class SlackServer {
  /** Scopes of the token; those of reading can be taken away. */
  readonly scopes = new Set(SCOPES);
  /** Every call, in order: `chat.postMessage`. */
  readonly calls: string[] = [];
  /** Arguments of the calls, in the same order. */
  readonly args: Args[] = [];
  readonly files = new SlackFiles();
  readonly #conversations = new Map<string, Conversation>();
  #planned: Planned[] = [];
  #server: Server | undefined;
  #port = 0;
  #lastMicros = 0;
  #age = 0;

  constructor(private readonly token: string) {}

  /** What `apiUrl` of a config is. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.#port}/api/`;
  }

  /** Begins to listen, after `goDown` at the same port. */
  async comeUp(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Ends every connection and refuses new ones; messages are kept. */
  async goDown(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** A conversation that the app is a member of. */
  open(channel: string, { isArchived = false, isMember = true } = {}): void {
    this.#conversations.set(channel, { messages: [], isArchived, isMember });
  }

  /** Everything in a conversation, threads too, oldest first. */
  messages(channel: string): readonly KeptMessage[] {
    return this.#conversations.get(channel)?.messages ?? [];
  }

  /** What others have written there. */
  write(channel: string, text: string, more: Partial<KeptMessage> = {}): string {
    const ts = more.ts ?? this.#nextTs();
    this.#conversations.get(channel)?.messages.push({ text, options: {}, ...more, ts });
    return ts;
  }

  /** The next calls (of one method, or of any) have this trouble. */
  trouble(trouble: Trouble, { times = 1, method }: { times?: number; method?: string } = {}): void {
    this.#planned.push({ trouble, method, left: times });
  }

  /** As when it was new, but for what is open and its port; what is slow still acts no more. */
  forget(): void {
    this.#age++;
    for (const scope of SCOPES) this.scopes.add(scope);
    for (const { messages } of this.#conversations.values()) messages.length = 0;
    this.files.forget();
    this.#planned = [];
    this.calls.length = 0;
    this.args.length = 0;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const uploaded = /^\/upload\/v1\/(\w+)$/.exec(request.url ?? '')?.[1];
    if (uploaded !== undefined) {
      response.writeHead(this.files.take(uploaded, body) ? 200 : 400).end();
      return;
    }
    const args = argsOf(request, body.toString());
    const method = (request.url ?? '').replace(/^\/api\//, '').replace(/\?.*$/, '');
    this.calls.push(method);
    this.args.push(args);
    const age = this.#age;
    const act = (): Reply => (age === this.#age ? this.#act(method, args, request) : no('forgotten'));
    const trouble = this.#nextTrouble(method);
    if (trouble === undefined) reply(response, act());
    else await suffer(trouble, response, act);
  }

  #nextTrouble(method: string): Trouble | undefined {
    const planned = this.#planned.find((one) => one.left > 0 && (one.method === undefined || one.method === method));
    if (planned !== undefined) planned.left--;
    return planned?.trouble;
  }

  #act(method: string, args: Args, { headers }: IncomingMessage): Reply {
    const { authorization } = headers;
    if (authorization === undefined) return no('not_authed');
    if (authorization !== `Bearer ${this.token}`) return no('invalid_auth');
    switch (method) {
      case 'chat.postMessage':
        return this.#post(args);
      case 'conversations.history':
      case 'conversations.replies':
        return this.#read(method, args);
      case 'files.getUploadURLExternal':
      case 'files.completeUploadExternal':
        return this.#file(method, args);
      default:
        return no('unknown_method');
    }
  }

  #post(args: Args): Reply {
    if (!this.scopes.has('chat:write')) return { ...no('missing_scope'), needed: 'chat:write', provided: '' };
    const channel = textOf(args, 'channel') ?? '';
    const conversation = this.#conversations.get(channel);
    if (conversation === undefined) return no('channel_not_found');
    if (conversation.isArchived) return no('is_archived');
    if (!conversation.isMember) return no('not_in_channel');
    const text = textOf(args, 'text') ?? '';
    const blocks = args.get('blocks');
    if (text === '' && blocks === undefined) return no('no_text');
    if (text.length > MAX_TEXT) return no('msg_too_long');
    const fault = blocks === undefined ? undefined : blocksFault(blocks);
    if (fault !== undefined) return { ...no('invalid_blocks'), errors: [fault] };
    const threadTs = textOf(args, 'thread_ts');
    if (threadTs !== undefined && !conversation.messages.some(({ ts }) => ts === threadTs))
      return no('thread_not_found');
    const metadata = args.get('metadata');
    if (metadata !== undefined && !isMetadata(metadata)) return no('invalid_metadata_format');
    const message: KeptMessage = {
      ...{ ts: this.#nextTs(), text, blocks, options: Object.fromEntries(args) },
      ...(threadTs !== undefined && { thread_ts: threadTs }),
      ...(metadata !== undefined && { metadata }),
    };
    conversation.messages.push(message);
    return { ok: true, channel, ts: message.ts, message: { type: 'message', text, ts: message.ts } };
  }

  #file(method: string, args: Args): Reply {
    if (!this.scopes.has('files:write')) return { ...no('missing_scope'), needed: 'files:write', provided: '' };
    if (method === 'files.getUploadURLExternal')
      return this.files.give(args.get('filename'), args.get('length'), new URL(this.apiUrl).origin);
    return this.files.show(args.get('files'), args.get('channel_id'), args.get('thread_ts'));
  }

  #read(method: string, args: Args): Reply {
    const needed = 'channels:history';
    if (!this.scopes.has(needed)) return { ...no('missing_scope'), needed, provided: [...this.scopes].join(',') };
    const conversation = this.#conversations.get(textOf(args, 'channel') ?? '');
    if (conversation === undefined) return no('channel_not_found');
    if (!conversation.isMember) return no('not_in_channel');
    const oldest = Number(args.get('oldest') ?? 0);
    const inTime = ({ ts }: KeptMessage): boolean => Number(ts) > oldest;
    const parent = textOf(args, 'ts');
    const { messages } = conversation;
    if (method === 'conversations.history') {
      // A thread's answers are not in the channel.
      return pageOf(messages.filter(({ thread_ts }) => thread_ts === undefined).filter(inTime), args);
    }
    if (!messages.some(({ ts }) => ts === parent)) return no('thread_not_found');
    // The message that began the thread is always there.
    return pageOf(
      messages.filter((one) => one.ts === parent || (one.thread_ts === parent && inTime(one))),
      args,
    );
  }

  #nextTs(): string {
    this.#lastMicros = Math.max(this.#lastMicros + 1, Date.now() * 1000);
    return (this.#lastMicros / 1e6).toFixed(6);
  }
}

async function suffer(trouble: Trouble, response: ServerResponse, act: () => Reply): Promise<void> {
  if ('acts' in trouble && trouble.acts) act();
  switch (trouble.kind) {
    case 'hang up':
      response.destroy();
      return;
    case 'half-open':
      return;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, trouble.ms));
      reply(response, act());
      return;
    case 'answer':
      response.writeHead(trouble.status ?? 200, { 'content-type': 'application/json' }).end(trouble.body);
      return;
    case 'redirect':
      response.writeHead(307, { location: trouble.to }).end();
      return;
    case 'rate limit':
      response
        .writeHead(429, trouble.retryAfter === undefined ? {} : { 'retry-after': trouble.retryAfter })
        .end(JSON.stringify(no('ratelimited')));
      return;
    case 'say':
      reply(response, { ...no(trouble.error), ...(trouble.needed !== undefined && { needed: trouble.needed }) });
      return;
  }
}

function reply(response: ServerResponse, answer: Reply): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer));
}

function no(error: string): Reply {
  return { ok: false, error };
}

/** With `oldest` alone Slack begins at the oldest; a page itself begins with its newest message in a channel. */
function pageOf(messages: readonly KeptMessage[], args: Args): Reply {
  const limit = Math.min(Number(args.get('limit') ?? PAGE.usual), PAGE.most);
  const start = Number(/^next:(\d+)$/.exec(textOf(args, 'cursor') ?? '')?.[1] ?? 0);
  const shown = messages.slice(start, start + limit);
  const end = start + shown.length;
  const hasMore = end < messages.length;
  const withPayload = ['true', '1', true].includes(args.get('include_all_metadata') as string | boolean);
  return {
    ok: true,
    messages: shown.map(({ ts, thread_ts, text, blocks, metadata }) => ({
      ...{ type: 'message', ts, thread_ts, text, blocks },
      ...(metadata !== undefined && { metadata: withPayload ? metadata : { event_type: metadata.event_type } }),
    })),
    has_more: hasMore,
    ...(hasMore && { response_metadata: { next_cursor: `next:${end}` } }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A form has what is no text as JSON. */
const JSON_OF_FORM = ['blocks', 'metadata', 'attachments', 'files'];

function argsOf({ headers }: IncomingMessage, body: string): Args {
  if (headers['content-type']?.startsWith('application/json') === true) {
    return new Map(Object.entries(JSON.parse(body) as Record<string, unknown>));
  }
  return new Map(
    [...new URLSearchParams(body)].map(([name, value]) => [
      name,
      JSON_OF_FORM.includes(name) ? (JSON.parse(value) as unknown) : value,
    ]),
  );
}

function textOf(args: Args, name: string): string | undefined {
  const value = args.get(name);
  return typeof value === 'string' ? value : undefined;
}

function isMetadata(value: unknown): value is NonNullable<KeptMessage['metadata']> {
  if (typeof value !== 'object' || value === null) return false;
  const type: unknown = Reflect.get(value, 'event_type');
  const payload: unknown = Reflect.get(value, 'event_payload');
  return typeof type === 'string' && /^\w+$/.test(type) && typeof payload === 'object' && payload !== null;
}
