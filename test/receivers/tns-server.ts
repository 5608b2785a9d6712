import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { TnsBooks, type TnsQuery } from './tns-books.js';
import type { AtReport } from './tns-rules.js';

/** What a question gets instead of its answer. `lost`: TNS acts, and the connection ends before it has said so; `held`: it never says so. */
export type Fault =
  'gateway' | 'limited' | 'malformed' | 'lost' | 'held' | 'reset' | 'hangs' | 'slow' | 'forbidden' | 'unauthorised';
export type Endpoint = 'search' | 'report' | 'reply';

/** A Transient Name Server: search, bulk report and its reply, as a bot that reports sees them. */
export interface TnsServer {
  readonly url: string;
  readonly books: TnsBooks;
  /** Questions, answered or not. */
  readonly asked: Record<Endpoint, number>;
  fail(endpoint: Endpoint, fault: Fault, times?: number): void;
  close(): Promise<void>;
}

export interface TnsBot {
  readonly id: number;
  readonly name: string;
  readonly key: string;
}

export const SLOW_MS = 200;

const PATHS: Readonly<Record<string, Endpoint>> = {
  '/api/get/search': 'search',
  '/api/set/bulk-report': 'report',
  '/api/get/bulk-report-reply': 'reply',
};

export async function startTnsServer(bot: TnsBot): Promise<TnsServer> {
  const books = new TnsBooks();
  const asked: Record<Endpoint, number> = { search: 0, report: 0, reply: 0 };
  const faults = new Map<Endpoint, { readonly fault: Fault; left: number }>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await formOf(request);
    const endpoint = PATHS[request.url ?? ''];
    if (endpoint === undefined) {
      say(response, 404, null);
      return;
    }
    asked[endpoint]++;
    const key = form.get('api_key') ?? '';
    const planned = faults.get(endpoint);
    const fault = planned !== undefined && planned.left-- > 0 ? planned.fault : undefined;
    if (fault !== undefined && !ACTS.includes(fault)) misbehave(response, fault, key);
    else if (!isBot(request.headers['user-agent'], bot)) say(response, 403, 'no bot');
    else if (key !== bot.key) say(response, 401, `no such key: ${key}`);
    else {
      const { code, data } = ANSWERS[endpoint](books, form);
      if (fault === 'lost') response.destroy();
      else if (fault !== 'held') setTimeout(say, fault === 'slow' ? SLOW_MS : 0, response, code, data);
    }
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`no port in ${String(address)}`);
  return {
    url: `http://127.0.0.1:${address.port}`,
    books,
    asked,
    fail(endpoint, fault, times = Infinity) {
      faults.set(endpoint, { fault, left: times });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** TNS does what it is asked to. */
const ACTS: readonly Fault[] = ['lost', 'held', 'slow'];

type Answering = (books: TnsBooks, form: URLSearchParams) => { readonly code: number; readonly data: unknown };

const ANSWERS: Readonly<Record<Endpoint, Answering>> = {
  search(books, form) {
    const found = books.search(jsonOf(form) as TnsQuery);
    return { code: 200, data: found.map(({ name, prefix }, objid) => ({ objname: name, prefix, objid })) };
  },
  report(books, form) {
    const report = (jsonOf(form) as { at_report?: Record<string, AtReport> }).at_report?.['0'];
    return report === undefined ? { code: 400, data: null } : { code: 200, data: { report_id: books.take(report) } };
  },
  reply(books, form) {
    const reply = books.reply(Number(form.get('report_id')));
    if (reply === undefined) return { code: 404, data: null };
    return { code: reply.code, data: { feedback: { at_report: [reply.feedback] } } };
  },
};

function jsonOf(form: URLSearchParams): unknown {
  return JSON.parse(form.get('data') ?? '{}');
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** `tns_marker{"tns_id":…,"type":"bot","name":…}` */
function isBot(marker: string | undefined, { id, name }: TnsBot): boolean {
  try {
    const json = JSON.parse(/^tns_marker(\{.*\})$/.exec(marker ?? '')?.[1] ?? '') as Record<string, unknown>;
    return Number(json['tns_id']) === id && json['type'] === 'bot' && json['name'] === name;
  } catch {
    return false;
  }
}

const MESSAGES: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
};

function say(response: ServerResponse, code: number, data: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id_code: code, id_message: MESSAGES[code], data }));
}

/** A receiver that is in trouble may echo what it was sent. */
function misbehave(response: ServerResponse, fault: Fault, key: string): void {
  switch (fault) {
    case 'gateway':
      response.writeHead(504).end(`<html>gateway timeout for ${key}</html>`);
      return;
    case 'limited':
      response
        .writeHead(429, { 'x-rate-limit-limit': 10, 'x-rate-limit-remaining': 0, 'x-rate-limit-reset': 41 })
        .end(JSON.stringify({ id_code: 429, id_message: 'Too many requests', data: null }));
      return;
    case 'malformed':
      response.end(`{"id_code":200,"data":{"key":"${key}`);
      return;
    case 'reset':
      response.destroy();
      return;
    case 'forbidden':
      say(response, 403, null);
      return;
    case 'unauthorised':
      say(response, 401, `no such key: ${key}`);
      return;
    default:
  }
}
