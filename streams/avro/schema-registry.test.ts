import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { LSST_SCHEMA } from '../../test/lsst-packet.js';
import { RegistryAway, SchemaRegistry, type RegistryOptions } from './schema-registry.js';
import { Unreadable } from './unreadable.js';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Answers of the registry by path, as the real one gives them. */
const answers = new Map<string, Answer>();
const asked: string[] = [];
let server: Server;
let baseUrl: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = answers.get(request.url ?? '') ?? json(404, { error_code: 40403, message: 'Schema not found' });
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  baseUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answers.clear();
  asked.length = 0;
});

const json =
  (status: number, body: unknown): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' }).end(JSON.stringify(body));
  };
const text =
  (status: number, body: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(body);
  };
const GOOD = json(200, { schema: JSON.stringify(LSST_SCHEMA) });

function registry(options: Partial<RegistryOptions> = {}): SchemaRegistry {
  return new SchemaRegistry({ baseUrl, ...options });
}

/** What asking for a schema ends with. */
async function failureOf(asking: () => unknown): Promise<{ kind: string; message: string }> {
  try {
    await asking();
  } catch (error) {
    if (error instanceof Unreadable) return { kind: error.kind, message: error.message };
    if (error instanceof RegistryAway) return { kind: 'away', message: error.message };
    throw error;
  }
  throw new Error('nothing failed');
}

describe('a schema registry', () => {
  it('is asked once for each schema, also by readers that ask at the same time', async () => {
    answers.set('/schemas/ids/703', GOOD);
    const schemas = registry({ baseUrl: `${baseUrl}/` });
    const [first, second] = await Promise.all([schemas.schema(703), schemas.schema(703)]);
    expect(first.rootName).toBe('lsst.v9_9.alert');
    expect([second, schemas.schema(703), asked]).toEqual([first, first, ['/schemas/ids/703']]);
  });

  it('is shown the name and password that it wants', async () => {
    let shown: string | undefined;
    answers.set('/schemas/ids/703', (response, request) => {
      shown = request.headers.authorization;
      GOOD(response, request);
    });
    const shownPair = (): string => Buffer.from(shown?.slice('Basic '.length) ?? '', 'base64').toString();
    await registry({ credentials: { user: 'ampel', password: 'näive:pw' } }).schema(703);
    expect(shownPair()).toBe('ampel:näive:pw');
    await registry({ baseUrl: baseUrl.replace('//', '//rubin:p%40ss@') }).schema(703);
    expect(shownPair()).toBe('rubin:p@ss');
  });

  it('that has no such schema says so, and is not asked again at once', async () => {
    answers.set('/schemas/ids/703', GOOD);
    let nowMs = 0;
    const schemas = registry({ nowMs: () => nowMs });
    await schemas.schema(703);
    const unknown = { kind: 'schema', message: 'unknown schema id 742, known 703' };
    expect(await failureOf(() => schemas.schema(742))).toEqual(unknown);
    expect(await failureOf(() => schemas.schema(742))).toEqual(unknown);
    expect(asked).toHaveLength(2);
    answers.set('/schemas/ids/742', GOOD);
    nowMs = 61_000;
    expect(await schemas.schema(742)).toMatchObject({ rootName: 'lsst.v9_9.alert' });
  });

  it.each<[string, Answer, string]>([
    ['is busy', text(503, 'Service Unavailable'), 'answers 503 (for schema id 703)'],
    [
      'lost its store',
      json(500, { error_code: 50001, message: 'Error in the backend' }),
      'answers 500 (50001 Error in',
    ],
    ['wants a password', json(401, { error_code: 401, message: 'Unauthorized' }), 'answers 401 (401 Unauthorized)'],
    ['is no registry', text(404, '<html>Not Found</html>'), 'answers 404'],
    ['has another path', json(404, { error_code: 404, message: 'HTTP 404 Not Found' }), 'answers 404 (404 HTTP 404'],
    ['answers garbage', text(200, '<html>Sign in</html>'), 'answers with no schema: "<html>Sign in</html>"'],
    ['answers something else', json(200, { subjects: [] }), 'answers with no schema: "{\\"subjects\\":[]}"'],
    ['answers nothing', text(200, ''), 'answers with no schema: ""'],
    ['breaks off', (response) => response.destroy(), 'cannot be asked: '],
    [
      'breaks off in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"schema": "');
        setTimeout(() => response.destroy(), 20);
      },
      'cannot be asked: ',
    ],
    ['is silent', () => undefined, 'cannot be asked: The operation was aborted due to timeout'],
    [
      'never stops',
      (response) => {
        const write = (): void => {
          if (response.destroyed) return;
          response.write(Buffer.alloc(1024 * 1024, 'x'), () => setImmediate(write));
        };
        write();
      },
      'cannot be asked: ',
    ],
  ])('that %s is away: the packet is not at fault', async (_, answer, message) => {
    answers.set('/schemas/ids/703', answer);
    const schemas = registry({ timeLimitMs: 2_000 });
    const failure = await failureOf(() => schemas.schema(703));
    expect(failure.kind).toBe('away');
    expect(failure.message).toContain(`the schema registry at ${baseUrl} ${message}`);
    // Waiting helps.
    answers.set('/schemas/ids/703', GOOD);
    expect(await schemas.schema(703)).toMatchObject({ rootName: 'lsst.v9_9.alert' });
  });

  it('that is not there is away, and its message holds no password', async () => {
    const failure = await failureOf(() => registry({ baseUrl: 'http://user:secret@127.0.0.1:1' }).schema(703));
    expect(failure).toMatchObject({ kind: 'away' });
    expect(failure.message).toContain('the schema registry at http://127.0.0.1:1 cannot be asked');
    expect(failure.message).not.toContain('secret');
  });

  it('needs an address', () => {
    expect(() => registry({ baseUrl: 'registry' })).toThrow('Invalid URL');
  });

  it.each([
    ['another kind', { schema: '{}', schemaType: 'JSON' }, 'schema id 703 is of type JSON, expected AVRO'],
    ['no valid Avro', { schema: '{"type":"rec"}' }, 'the schema is not valid Avro'],
  ])('that has a schema of %s says so', async (_, body, message) => {
    answers.set('/schemas/ids/703', json(200, body));
    const failure = await failureOf(() => registry().schema(703));
    expect(failure.kind).toBe('schema');
    expect(failure.message).toContain(message);
  });
});
