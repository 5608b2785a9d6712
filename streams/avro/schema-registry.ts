import { z } from 'zod';
import { unknownSchema, type SchemaSource } from './schema-source.js';
import { Unreadable } from './unreadable.js';
import { parseWriterSchema, type WriterSchema } from './writer-schema.js';

const TIME_LIMIT_MS = 10_000;
/** A schema has 0.1 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** How long a registry is believed that it does not know a number: damaged messages are not to keep it busy. */
const UNKNOWN_FOR_MS = 60_000;
const MAX_UNKNOWN = 10_000;
/** The registry's own code for a schema that is not there; another 404 says that this is no registry. */
const SCHEMA_NOT_FOUND = 40403;

const schemaAnswer = z.object({ schema: z.string(), schemaType: z.string().default('AVRO') });
const errorAnswer = z.object({ error_code: z.number(), message: z.string().default('') });

/** The registry gives no answer, or none that makes sense: nothing is wrong with the packet, and waiting may help. */
export class RegistryAway extends Error {
  override readonly name = 'RegistryAway';
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface RegistryOptions {
  /** Address that `/schemas/ids/<id>` is appended to; a name and password in it are credentials. */
  readonly baseUrl: string;
  readonly credentials?: Credentials;
  /** How long one answer may take, default 10 s. */
  readonly timeLimitMs?: number;
  /** Clock of this process, in ms. */
  readonly nowMs?: () => number;
}

/** Schemas of a Confluent schema registry (REST API v1). Each is fetched once and kept, no failure for more than a minute. */
export class SchemaRegistry implements SchemaSource {
  private readonly known = new Map<number, WriterSchema>();
  private readonly underWay = new Map<number, Promise<WriterSchema>>();
  private readonly unknownSinceMs = new Map<number, number>();

  private readonly baseUrl: string;
  private readonly credentials: Credentials | undefined;

  /** Throws `TypeError` where the address is none. */
  constructor(private readonly options: RegistryOptions) {
    const url = new URL(options.baseUrl);
    const inUrl = { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    this.credentials = options.credentials ?? (inUrl.user === '' ? undefined : inUrl);
    url.username = '';
    url.password = '';
    this.baseUrl = url.href.replace(/\/+$/, '');
  }

  /** Throws `Unreadable` where the registry has no Avro schema of this number, `RegistryAway` where it cannot say. */
  schema(id: number): WriterSchema | Promise<WriterSchema> {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    let fetched = this.underWay.get(id);
    if (fetched === undefined) {
      fetched = this.fetchSchema(id).finally(() => this.underWay.delete(id));
      this.underWay.set(id, fetched);
    }
    return fetched;
  }

  private async fetchSchema(id: number): Promise<WriterSchema> {
    const sinceMs = this.unknownSinceMs.get(id);
    if (sinceMs !== undefined && this.nowMs() - sinceMs < UNKNOWN_FOR_MS) throw unknownSchema(id, this.known.keys());
    const { status, text } = await this.ask(id);
    const answer = parsed(text);
    if (status === 404 && errorAnswer.safeParse(answer).data?.error_code === SCHEMA_NOT_FOUND) {
      this.noteUnknown(id);
      throw unknownSchema(id, this.known.keys());
    }
    if (status !== 200) throw this.away(id, `answers ${status}${saidOf(answer)}`);
    const found = schemaAnswer.safeParse(answer).data;
    if (found === undefined) throw this.away(id, `answers with no schema: ${JSON.stringify(text.slice(0, 80))}`);
    if (found.schemaType !== 'AVRO') {
      throw new Unreadable('schema', `schema id ${id} is of type ${found.schemaType}, expected AVRO`);
    }
    const schema = parseWriterSchema(found.schema);
    this.known.set(id, schema);
    this.unknownSinceMs.delete(id);
    return schema;
  }

  private async ask(id: number): Promise<{ status: number; text: string }> {
    const { timeLimitMs = TIME_LIMIT_MS } = this.options;
    const headers: Record<string, string> = { accept: 'application/vnd.schemaregistry.v1+json, application/json' };
    if (this.credentials !== undefined) {
      const pair = Buffer.from(`${this.credentials.user}:${this.credentials.password}`).toString('base64');
      headers['authorization'] = `Basic ${pair}`;
    }
    try {
      const response = await fetch(`${this.baseUrl}/schemas/ids/${id}`, {
        headers,
        signal: AbortSignal.timeout(timeLimitMs),
      });
      return { status: response.status, text: await boundedText(response) };
    } catch (error) {
      throw this.away(id, `cannot be asked: ${causeOf(error)}`);
    }
  }

  private noteUnknown(id: number): void {
    if (this.unknownSinceMs.size >= MAX_UNKNOWN) this.unknownSinceMs.clear();
    this.unknownSinceMs.set(id, this.nowMs());
  }

  private nowMs(): number {
    return this.options.nowMs?.() ?? Date.now();
  }

  private away(id: number, what: string): RegistryAway {
    return new RegistryAway(`the schema registry at ${this.baseUrl} ${what} (for schema id ${id})`);
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<unknown> | null = response.body;
  for await (const chunk of body ?? []) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of bytes gave something else');
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function saidOf(answer: unknown): string {
  const said = errorAnswer.safeParse(answer).data;
  return said === undefined ? '' : ` (${said.error_code} ${said.message.slice(0, 120)})`;
}

/** `fetch` hides what happened in the cause. */
function causeOf(error: unknown): string {
  const { message, cause } = asError(error);
  return cause === undefined ? message : `${message}: ${asError(cause).message}`;
}

/** What came from another realm is no instance of our `Error`. */
function asError(error: unknown): { readonly message: string; readonly cause?: unknown } {
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') {
    return { message: error.message, cause: 'cause' in error ? error.cause : undefined };
  }
  return { message: String(error) };
}
