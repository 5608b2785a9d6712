import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Kafka, KafkaConfig } from 'kafkajs';

/** How brokers are reached. */
export interface KafkaAccess {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly security: 'tls' | 'none';
  readonly login?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Of all that is done with one client. */
  readonly timeoutMs: number;
}

export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Of looking for a broker that answers and for the leader of a partition; nothing is written again by these. */
const RETRY = { retries: 2, initialRetryTime: 100, maxRetryTime: 500 };

/**
 * Lets `work` use a client for as long as the access allows, and then ends all connections at once: a broker that does not
 * answer holds nothing up. Throws what `work` throws, or that there was no answer in time. Some failures the client only logs, and
 * throws others instead: `heard` gets those.
 */
export async function withKafka<Made>(
  access: KafkaAccess,
  work: (kafka: Kafka) => Promise<Made>,
  heard: (error: unknown) => void = () => undefined,
): Promise<Made> {
  const { brokers, security, login, timeoutMs } = access;
  // Not before it is needed: every command reads the units.
  const { default: kafkajs } = await import('kafkajs');
  const sockets = new Sockets();
  const kafka = new kafkajs.Kafka({
    ...{ clientId: 'ampel', brokers: [...brokers], retry: RETRY, ssl: security === 'tls' },
    ...(login !== undefined && { sasl: saslOf(login) }),
    connectionTimeout: Math.min(timeoutMs, 10_000),
    socketFactory: (request) => sockets.open(request),
    logLevel: kafkajs.logLevel.DEBUG,
    logCreator:
      () =>
      ({ log: { error } }) => {
        if (error !== undefined) heard(error);
      },
  });
  let late: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_, reject) => {
    late = setTimeout(() => {
      reject(new Error(`no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(kafka), timeIsUp]);
  } finally {
    clearTimeout(late);
    sockets.hangUp();
  }
}

/** The client's types have one member for each mechanism. */
function saslOf({ mechanism, ...login }: NonNullable<KafkaAccess['login']>): NonNullable<KafkaConfig['sasl']> {
  switch (mechanism) {
    case 'plain':
      return { mechanism, ...login };
    case 'scram-sha-256':
      return { mechanism, ...login };
    case 'scram-sha-512':
      return { mechanism, ...login };
  }
}

/** Without TLS there are no options of it, other than the client's types say. */
type SocketRequest = Omit<Parameters<NonNullable<KafkaConfig['socketFactory']>>[0], 'ssl'> & {
  readonly ssl: ConnectionOptions | false;
};

class Sockets {
  private readonly opened = new Set<Socket>();
  private isOver = false;

  open({ host, port, ssl, onConnect }: SocketRequest): Socket {
    // The client would connect anew after each failure.
    if (this.isOver) throw new Error('the time is over');
    // The brokers themselves say where the others are.
    if (!ssl && !LOOPBACK.test(host)) {
      throw new Error(`the cluster leads to ${host}, another machine: set security to tls`);
    }
    // TLS knows no names for addresses.
    const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const secure = { host, port, ...servername, minVersion: 'TLSv1.2', ...ssl } as const;
    const socket = ssl ? connectTls(secure, onConnect) : connectPlain({ host, port }, onConnect);
    this.opened.add(socket);
    socket.once('close', () => this.opened.delete(socket));
    return socket;
  }

  hangUp(): void {
    this.isOver = true;
    // Without an error the client would wait for answers.
    for (const socket of this.opened) socket.destroy(new Error('closed by us'));
  }
}
