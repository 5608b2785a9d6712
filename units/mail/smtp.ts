import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { ReactionRefused, TryAgain } from '../define.js';

/** A server that takes mail. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first letter on; `starttls`: before the login; `none`: not at all. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly login?: { readonly user: string; readonly password: string };
  readonly timeoutMs: number;
  /** Certificates to trust besides the system's. */
  readonly authorities?: readonly string[];
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** What the server said when it took the mail. */
export interface Delivery {
  readonly response: string;
  /** Recipients that it does not take mail for. */
  readonly rejected: readonly string[];
}

/**
 * Hands one mail (RFC 5322, as bytes) to a server. Throws `TryAgain` where it has surely not taken it and may later,
 * `ReactionRefused` where it says no for good. After any other error nobody knows: the mail was on its way.
 */
export async function deliver(server: SmtpServer, envelope: Envelope, content: Buffer): Promise<Delivery> {
  const { host, port, security, timeoutMs, authorities } = server;
  const connection = new SMTPConnection({
    ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
    tls: { minVersion: 'TLSv1.2', ...(authorities && { ca: [...authorities] }) },
    // Of the sender: what it says of itself is not the name of this machine.
    name: 'ampel',
  });
  const body = new OnceAsked(content);
  try {
    return await withConnection(connection, server, timeoutMs, async () => {
      return await new Promise<Delivery>((resolve, reject) => {
        connection.send({ from: envelope.from, to: [...envelope.to] }, body, (error, info) => {
          if (error) reject(error);
          else resolve({ response: info.response, rejected: info.rejected });
        });
      });
    });
  } catch (error) {
    throw judged(error, server, body.wasAsked);
  } finally {
    connection.close();
  }
}

/** The server asks for the content when it is ready to take it: from then on it may have it. */
class OnceAsked extends Readable {
  wasAsked = false;

  constructor(private readonly content: Buffer) {
    super();
  }

  override _read(): void {
    this.wasAsked = true;
    this.push(this.content);
    this.push(null);
  }
}

async function withConnection<Made>(
  connection: SMTPConnection,
  { login }: SmtpServer,
  timeoutMs: number,
  work: () => Promise<Made>,
): Promise<Made> {
  let late: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    connection.once('error', reject);
    // Half-open connections give no error of their own.
    late = setTimeout(() => {
      reject(new Error(`gave no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
  });
  const run = async (): Promise<Made> => {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    if (login !== undefined) await logIn(connection, login);
    return await work();
  };
  try {
    return await Promise.race([run(), failed]);
  } finally {
    clearTimeout(late);
    // What fails while it is being closed is of no interest.
    connection.on('error', () => undefined);
  }
}

async function logIn(connection: SMTPConnection, { user, password }: NonNullable<SmtpServer['login']>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    connection.login({ user, pass: password }, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

const DETAIL_LETTERS = 300;

function judged(error: unknown, { host, port, login }: SmtpServer, wasAsked: boolean): Error {
  const { message, responseCode } =
    error instanceof Error ? (error as Error & { responseCode?: number }) : { message: String(error) };
  // A server may repeat what it was sent.
  const said = [login?.password, login && Buffer.from(login.password).toString('base64')]
    .filter((secret) => secret !== undefined && secret !== '')
    .reduce<string>((text, secret) => text.replaceAll(secret ?? '', '[secret]'), message)
    .slice(0, DETAIL_LETTERS);
  const text = `${host}:${port} ${said}`;
  if (responseCode !== undefined && responseCode >= 500) return new ReactionRefused(text);
  if (responseCode !== undefined && responseCode >= 400) return new TryAgain(text);
  return wasAsked ? new Error(text, { cause: undefined }) : new TryAgain(text);
}
