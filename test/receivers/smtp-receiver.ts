import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** How the receiver takes the next mail. */
export type SmtpWay =
  | 'take'
  /** Takes the mail, and the connection ends before the answer. */
  | 'lose the answer'
  /** Takes the mail and never answers. */
  | 'say nothing'
  /** 451 to the content: not now. */
  | 'not now'
  /** 554 to the content: never. */
  | 'never'
  /** Ends the connection at the greeting. */
  | 'hang up'
  /** 550 to the second recipient. */
  | 'refuse the second';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: string;
  readonly user: string | undefined;
}

/** A mail server of the protocol's own rules that can fail like a real one. */
export interface SmtpReceiver {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Used up one by one; then it takes what comes. */
  readonly ways: SmtpWay[];
  stop(): Promise<void>;
}

export const SMTP_LOGIN = { user: 'ampel', password: 'pass word/canary' } as const;

export async function startSmtpReceiver(login: 'open' | 'with login' = 'open'): Promise<SmtpReceiver> {
  const mails: ReceivedMail[] = [];
  const ways: SmtpWay[] = [];
  let way: SmtpWay = 'take';
  const server = new SMTPServer({
    ...{ authOptional: login === 'open', allowInsecureAuth: true, disableReverseLookup: true, logger: false },
    onConnect: (_, callback) => {
      way = ways.shift() ?? 'take';
      callback(way === 'hang up' ? replyOf(421, 'come back later') : null);
    },
    onAuth: ({ username, password }, _, callback) => {
      const isRight = username === SMTP_LOGIN.user && password === SMTP_LOGIN.password;
      if (isRight) callback(null, { user: username });
      else callback(replyOf(535, `authentication failed for ${password ?? ''}`));
    },
    onRcptTo: ({ address }, session, callback) => {
      const isSecond = session.envelope.rcptTo.length > 0;
      callback(way === 'refuse the second' && isSecond ? replyOf(550, `no ${address} here`) : null);
    },
    onData: (stream, session, callback) => {
      void buffer(stream).then((content: Buffer) => {
        const refusal = REFUSALS[way];
        if (refusal !== undefined) {
          callback(refusal);
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          ...{ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) },
          content: content.toString(),
          user: typeof session.user === 'string' ? session.user : undefined,
        });
        if (way === 'lose the answer') for (const connection of server.connections) connection._socket.destroy();
        else if (way !== 'say nothing') callback(null);
      });
    },
  });
  return {
    port: await listen(server),
    mails,
    ways,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function listen(server: SMTPServer): Promise<number> {
  // A connection that the other side gives up.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as AddressInfo).port;
}

const REFUSALS: Readonly<Partial<Record<SmtpWay, Error>>> = {
  'not now': replyOf(451, 'try again later'),
  never: replyOf(554, 'looks like spam'),
};

function replyOf(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** A port that takes connections and never says a word. */
export async function startSilentPort(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
