import { createServer } from 'node:http';
import { inspect } from 'node:util';
import type { Json } from '../../model/canonical-json.js';
import { SLOW_MS, startTnsServer, type Endpoint, type Fault, type TnsServer } from '../../test/receivers/tns-server.js';
import { occasion } from '../../test/receivers/tns-occasion.js';
import { ReactionRefused, TryAgain, type Answer, type Clients, type Found } from '../define.js';
import { parseConfig } from '../parse-config.js';
import { tnsReport } from './tns-report.js';

const API_KEY = 'not-a-real/key+f00d 1';
const BOT = { id: 4711, name: 'Ampel "test" bot' };
const KEY = 'EXAMPLE/announce/ZTF18abxhyqv';
const NAME = 'ZTF18abxhyqv';

const clients: Clients = {
  fetch,
  secret: (name) => {
    if (name === 'OTHER_KEY') return 'of another bot';
    if (name !== 'TNS_KEY') throw new Error(`There is no secret "${name}"`);
    return API_KEY;
  },
};

let tns: TnsServer;

beforeEach(async () => {
  tns = await startTnsServer({ ...BOT, key: API_KEY });
});
afterEach(() => tns.close());

type Config = ReturnType<typeof tnsReport.config.parse>;

function configOf(extra: Record<string, unknown> = {}): Config {
  const groups = { reporting: 82, dataSource: 48 };
  return tnsReport.config.parse({
    ...{ url: tns.url, secret: 'TNS_KEY', bot: BOT, groups, reporter: 'A. Ampel (HU Berlin)' },
    ...extra,
  });
}

const messageOf = (config: Config): Json => tnsReport.compose(occasion, config);

function send(extra: Record<string, unknown> = {}): Promise<Answer> {
  const config = configOf(extra);
  return tnsReport.send(messageOf(config), KEY, config, clients);
}

async function find(extra: Record<string, unknown> = {}): Promise<Found> {
  const config = configOf(extra);
  return (await tnsReport.find?.(messageOf(config), KEY, config, clients, new Date(0))) ?? 'cannot tell';
}

async function follow({ reference = null }: Answer, extra: Record<string, unknown> = {}): Promise<Answer> {
  const followed = await tnsReport.follow?.(reference, KEY, configOf(extra), clients);
  if (followed === undefined) throw new Error('it cannot follow');
  return followed;
}

interface Failure {
  readonly kind: 'refused' | 'try again' | 'doubt' | 'none';
  readonly message: string;
  readonly afterMs?: number | undefined;
  readonly error?: unknown;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    return { kind: 'none', message: JSON.stringify(await work) };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (error instanceof TryAgain) return { kind: 'try again', message, afterMs: error.afterMs, error };
    return { kind: error instanceof ReactionRefused ? 'refused' : 'doubt', message, error };
  }
}

describe('sending by TNSReport', () => {
  it('reports what TNS does not know, and asks for the name until there is one', async () => {
    tns.books.asksBeforeReply = 3;
    let answer = await send({ pollSeconds: 7 });
    expect(answer).toMatchObject({
      ...{ status: 'report 5000 waits for TNS', pending: true, askAfterMs: 7000 },
      reference: { reportId: '5000', internalName: NAME },
    });
    for (let asks = 0; asks < 3; asks++) {
      answer = await follow(answer);
      expect(answer).toMatchObject({ pending: true, reference: { reportId: '5000' } });
    }
    answer = await follow(answer);
    expect(answer).toEqual({
      status: 'AT 2018abc (inserted)',
      reference: { name: 'AT 2018abc', reportId: '5000' },
    });
    expect(tns.asked.report).toBe(1);
    expect(tns.books.reported).toEqual([NAME]);
  });

  it('waits longer the longer it has waited', async () => {
    tns.books.asksBeforeReply = 9;
    const { reference } = await send();
    const after = async (minutes: number): Promise<Answer> => {
      const sentAt = new Date(Date.now() - minutes * 60_000).toISOString();
      return follow({ status: '', reference: { ...(reference as Record<string, Json>), sentAt } });
    };
    expect((await after(0.1)).askAfterMs).toBe(60_000);
    expect((await after(5)).askAfterMs).toBeGreaterThanOrEqual(300_000);
    expect((await after(600)).askAfterMs).toBe(600_000);
    const late = await failureOf(after(25 * 60));
    expect(late.kind).toBe('refused');
    expect(late.message).toMatch(/^TNS has taken report 5000 at .* and given no reply since; look for it on TNS/);
  });

  it.each([
    ['its own name', { internalNames: [NAME], ra: 21, dec: 31 }],
    ['a name of others, at its place', { internalNames: ['PS18abc'], ra: 21.64, dec: 31.6163666 }],
  ])('reports nothing that TNS knows by %s', async (_how, known) => {
    tns.books.objects.push({ name: '2018xyz', prefix: 'SN', ...known });
    expect(await send()).toEqual({ status: 'known as SN 2018xyz', reference: { name: 'SN 2018xyz' } });
    expect(tns.asked.report).toBe(0);
  });

  it('gets the name of an object that TNS takes for the same', async () => {
    const near = { internalNames: ['PS18abc'], ra: 21.63995, dec: 31.61637 };
    const answer = await send();
    tns.books.objects.push({ name: '2018xyz', prefix: 'SN', ...near });
    expect(await follow(answer)).toMatchObject({ status: 'SN 2018xyz (existing)', reference: { name: 'SN 2018xyz' } });
  });

  it('sends nothing where the checks have found something', async () => {
    expect(await failureOf(send({ minDetections: 9 }))).toMatchObject({
      kind: 'refused',
      message: 'not reported: too few detections: 2 of ZTF in filters of TNS, expected 9 at least',
    });
    expect(tns.asked).toEqual({ search: 0, report: 0, reply: 0 });
  });

  it('tells which field TNS has rejected, and why', async () => {
    const answer = await send({ reporter: 'Bogus' });
    expect(await failureOf(follow(answer))).toMatchObject({
      kind: 'refused',
      message: 'TNS rejects report 5000: reporter.value: Unknown reporter (3)',
    });
    expect(tns.books.reported).toEqual([]);
  });

  it('waits for a slow TNS', async () => {
    for (const endpoint of ['search', 'report'] as const) tns.fail(endpoint, 'slow');
    const started = Date.now();
    expect(await send()).toMatchObject({ pending: true });
    expect(Date.now() - started).toBeGreaterThanOrEqual(3 * SLOW_MS - 10);
  });
});

describe('a question of TNSReport that goes wrong', () => {
  const advice = 'is the API key that of this bot, on this site, and may the bot report for these groups?';
  const rows: readonly (readonly [Endpoint, Fault, Failure['kind'], string])[] = [
    ['search', 'gateway', 'try again', ' answered 504: <html>gateway timeout for [secret]</html>'],
    ['search', 'malformed', 'try again', 'a search gave no list: '],
    ['search', 'reset', 'try again', ' broke off: '],
    ['search', 'hangs', 'try again', ' gave no answer within 0.3 s'],
    ['search', 'limited', 'try again', ' answered 429: Too many requests'],
    ['search', 'forbidden', 'refused', advice],
    ['search', 'unauthorised', 'refused', advice],
    ['report', 'limited', 'try again', ' answered 429: Too many requests'],
    ['report', 'unauthorised', 'refused', advice],
    ['report', 'forbidden', 'refused', advice],
    ['report', 'gateway', 'doubt', ' answered 504: '],
    ['report', 'malformed', 'doubt', 'no number of the report: '],
    ['report', 'reset', 'doubt', ' broke off: '],
    ['report', 'lost', 'doubt', ' broke off: '],
    ['report', 'hangs', 'doubt', ' gave no answer within 0.3 s'],
    ['reply', 'gateway', 'try again', ' answered 504: '],
    ['reply', 'malformed', 'doubt', 'report 5000: no reply that makes sense: '],
    ['reply', 'reset', 'try again', ' broke off: '],
    ['reply', 'limited', 'try again', ' answered 429: '],
    ['reply', 'unauthorised', 'try again', advice],
  ];

  it.each(rows)('%s, %s: %s', async (endpoint, fault, kind, message) => {
    tns.fail(endpoint, fault, 1);
    const short = { timeoutSeconds: 0.3 };
    const sent = send(short);
    const failure = await failureOf(endpoint === 'reply' ? sent.then((answer) => follow(answer, short)) : sent);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(message);
    if (fault === 'limited') expect(failure.afterMs).toBe(42_000);
    for (const shown of [inspect(failure.error, { depth: 9 }), JSON.stringify(failure)]) {
      expect(shown).not.toContain('not-a-real');
    }
    if (endpoint === 'search') expect(tns.asked.report).toBe(0);
  });

  it('is tried again where nobody listens, and where the secret is missing', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    await new Promise((resolve) => other.close(resolve));
    const url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    expect(await failureOf(send({ url }))).toMatchObject({ kind: 'try again' });
    const missing = await failureOf(send({ secret: 'TNS_KYE' }));
    expect(missing).toMatchObject({ kind: 'try again', message: 'There is no secret "TNS_KYE"' });
  });

  it('is tried again where TNS goes away between the search and the report', async () => {
    const config = configOf();
    const gone: Clients['fetch'] = (url, init) => {
      const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      const isReport = typeof url === 'string' && url.endsWith('bulk-report');
      return isReport ? Promise.reject(new TypeError('fetch failed', { cause })) : fetch(url, init);
    };
    const sending = tnsReport.send(messageOf(config), KEY, config, { ...clients, fetch: gone });
    expect(await failureOf(sending)).toMatchObject({ kind: 'try again' });
  });

  it('is refused to a bot with the key or the name of another', async () => {
    expect(await failureOf(send({ secret: 'OTHER_KEY' }))).toMatchObject({ kind: 'refused' });
    expect(await failureOf(send({ bot: { ...BOT, id: 1 } }))).toMatchObject({ kind: 'refused' });
  });
});

describe('a report of which nobody knows whether it arrived', () => {
  it('is found by its internal name once TNS has processed it', async () => {
    tns.fail('report', 'lost', 1);
    expect(await failureOf(send())).toMatchObject({ kind: 'doubt' });
    expect(await find()).toBe('not there');
    tns.books.processAll();
    expect(await find()).toEqual({ status: 'known as AT 2018abc', reference: { name: 'AT 2018abc' } });
    expect(await send()).toMatchObject({ status: 'known as AT 2018abc' });
    expect(tns.asked.report).toBe(1);
  });

  it('is one report in the books of TNS even where it is sent again too early', async () => {
    tns.fail('report', 'lost', 1);
    await failureOf(send());
    const again = await send();
    tns.books.processAll();
    expect(await follow(again)).toEqual({
      status: 'AT 2018abc (existing)',
      reference: { name: 'AT 2018abc', reportId: '5001' },
    });
    expect(tns.books.reported).toEqual([NAME]);
    expect(tns.books.objects).toHaveLength(1);
  });

  it('is asked for again while TNS is away, and left to a person where it may not be asked', async () => {
    tns.fail('search', 'gateway', 1);
    expect(await failureOf(find())).toMatchObject({ kind: 'try again' });
    tns.fail('search', 'forbidden', 1);
    expect(await find()).toBe('cannot tell');
  });

  it('whose reply TNS has lost is found by its internal name', async () => {
    tns.books.asksBeforeReply = Infinity;
    const answer = await send();
    tns.books.objects.push({ name: '2018abc', prefix: 'AT', ra: 21, dec: 31, internalNames: [NAME] });
    expect(await follow(answer)).toMatchObject({ status: 'AT 2018abc (existing)' });
  });
});

describe('the API key of TNSReport', () => {
  it('is in no answer', async () => {
    const answers = [await send(), await find()];
    answers.push(await follow(answers[0] as Answer));
    expect(JSON.stringify(answers)).not.toContain('not-a-real');
  });
});

describe('the config of TNSReport', () => {
  it.each([
    [{ url: 'https://www.wis-tns.org' }, 'expected http://127.0.0.1:PORT: for tests only'],
    [{ url: 'http://127.0.0.1.example:80' }, 'expected http://127.0.0.1:PORT: for tests only'],
    [{ site: 'production' }, 'sandbox'],
    [{ bot: { id: 1, name: 'Amp\u00e9l' } }, 'a header holds printable ASCII only'],
    [{ timeoutSeconds: 30 }, '<=18'],
  ])('refuses %j', (config, message) => {
    const whole = {
      ...{ secret: 'TNS_KEY', bot: BOT, groups: { reporting: 82, dataSource: 48 }, reporter: 'A' },
      ...config,
    };
    const parsed = parseConfig(tnsReport, whole);
    expect(parsed.ok ? '' : parsed.issues.map((issue) => issue.message).join('; ')).toContain(message);
  });

  it('is the sandbox where nothing else is said', async () => {
    const { site, filters, instrument } = configOf();
    expect({ site, filters, instrument }).toEqual({
      site: 'sandbox',
      filters: { g: 110, r: 111, i: 112 },
      instrument: 196,
    });
    const urls: unknown[] = [];
    const noting: Clients['fetch'] = (url) => {
      urls.push(url);
      return Promise.reject(new Error('no network'));
    };
    for (const site of ['sandbox', 'live']) {
      const config = tnsReport.config.parse({ ...configOf(), url: undefined, site });
      await failureOf(tnsReport.send(messageOf(config), KEY, config, { ...clients, fetch: noting }));
    }
    expect(urls).toEqual(['https://sandbox.wis-tns.org/api/get/search', 'https://www.wis-tns.org/api/get/search']);
  });
});
