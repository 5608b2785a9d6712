import { readFile } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { types } from 'node:util';
import kafkajs, { type Kafka, type KafkaConfig } from 'kafkajs';
import type { KafkaLogin, KafkaSource } from '../../model/kafka-source.js';
import { registerCodecs } from './codecs.js';
import { KafkaError } from './kafka-error.js';
import { oauthTokens } from './oauth-tokens.js';

/** How brokers are reached: the part of a source that its producer and its reader share. */
export type KafkaConnection = Pick<KafkaSource, 'brokers' | 'security'>;

/** Resolves a secret by name; throws where there is none. */
export type Secrets = (name: string) => string;

/** A client with its sockets, so that whoever closes it need not wait for brokers that do not answer. */
export interface Client {
  readonly kafka: Kafka;
  /** `at broker:9092`, for messages. */
  readonly where: string;
  /** Ends all connections at once. */
  hangUp(): void;
}

/** Failures that last longer are ours to judge. */
const RETRY = { retries: 4, initialRetryTime: 200, maxRetryTime: 2_000 };
const CONNECT_TIMEOUT_MS = 10_000;

/** Throws `KafkaError` where the description makes no sense, a secret is missing or the authority cannot be read. */
export async function kafkaClient({ brokers, security = {} }: KafkaConnection, secret: Secrets): Promise<Client> {
  const where = `at ${brokers.join(',')}`;
  for (const broker of brokers) {
    if (!/^[^\s:/]+:\d{1,5}$/.test(broker))
      throw new KafkaError('source', `"${broker}" is no broker: expected host:port`);
  }
  if (brokers.length === 0) throw new KafkaError('source', 'the source names no broker');
  registerCodecs();
  const sockets = new Set<Socket>();
  const config: KafkaConfig = {
    clientId: 'ampel',
    brokers: [...brokers],
    retry: RETRY,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    socketFactory: remembering(sockets),
    // What it logs as errors are mostly its first tries; what matters comes as an error or an event.
    logCreator: () => () => undefined,
    ...(security.tls !== undefined && { ssl: security.tls === true ? true : await authority(security.tls.caPath) }),
    ...(security.sasl !== undefined && { sasl: saslOptions(security.sasl, secret) }),
  };
  return {
    kafka: new kafkajs.Kafka(config),
    where,
    hangUp() {
      for (const socket of sockets) socket.destroy(new Error('closed by us'));
    },
  };
}

function remembering(sockets: Set<Socket>): NonNullable<KafkaConfig['socketFactory']> {
  return ({ host, port, ssl, onConnect }) => {
    const socket = connectSocket(host, port, ssl, onConnect);
    socket.setKeepAlive(true, 60_000);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
}

function connectSocket(host: string, port: number, ssl: object | undefined, onConnect: () => void): Socket {
  // TLS knows no names for addresses.
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return ssl ? connectTls({ host, port, ...servername, ...ssl }, onConnect) : connectPlain({ host, port }, onConnect);
}

async function authority(caPath: string): Promise<{ ca: Buffer }> {
  try {
    return { ca: await readFile(caPath) };
  } catch (error) {
    const reason = types.isNativeError(error) ? error.message : String(error);
    throw new KafkaError('tls', `the authority's certificate cannot be read: ${reason}`);
  }
}

function saslOptions(login: KafkaLogin, secret: Secrets): NonNullable<KafkaConfig['sasl']> {
  if (login.mechanism === 'oauthbearer') {
    return { mechanism: 'oauthbearer', oauthBearerProvider: oauthTokens(login, resolve(login.clientSecret, secret)) };
  }
  const { mechanism, username } = login;
  const password = resolve(login.passwordSecret, secret);
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}

/** The resolver's own message may be anybody's, so only the name is told. */
function resolve(name: string, secret: Secrets): string {
  try {
    return secret(name);
  } catch {
    throw new KafkaError('login', `there is no secret "${name}"`);
  }
}
