import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaLogin, KafkaSecurity } from '../../model/kafka-source.js';
import { KafkaError } from '../../streams/kafka/kafka-error.js';
import { offsetsAt } from '../../streams/kafka/offsets-at.js';
import { kafkaProducer } from '../../streams/kafka/producer.js';
import { kafkaSource } from '../../streams/kafka/source.js';
import { startBrokerRig, type BrokerRig } from '../kafka/broker-rig.js';
import { makeCertificates, type Certificates } from '../kafka/certificates.js';
import { describeWithJava } from '../kafka/describe-with-java.js';
import { alerts, newGroup } from '../kafka/nights.js';
import { readToEnd } from '../kafka/reading.js';
import { startTokenServer, type TokenServer } from '../kafka/token-server.js';

/** Words that may stand nowhere but on the wire. */
const SECRETS: Readonly<Record<string, string>> = {
  alice_password: 'canary-alice-4711',
  wrong_password: 'canary-wrong-0815',
  gcn_client: 'canary-gcn-2718',
};

const TUNING = { sessionTimeoutMs: 2_000, heartbeatMs: 200, retryMs: 50, patienceMs: 1_000 };
const TOKEN_LIFE_S = 3600;

function secret(name: string): string {
  const found = SECRETS[name];
  if (found === undefined) throw new Error(`not set, though ${Object.values(SECRETS).join()} are`);
  return found;
}

function jaas(module: string, options = ''): string {
  return `org.apache.kafka.common.security.${module} required ${options};`;
}

const LOGIN = 'listener.name.login';
const TOKEN = 'listener.name.token';

function brokerSettings({ brokerPath }: Certificates): Record<string, string> {
  const store = (listener: string): Record<string, string> => ({
    [`listener.name.${listener}.ssl.keystore.type`]: 'PEM',
    [`listener.name.${listener}.ssl.keystore.location`]: brokerPath,
  });
  return {
    ...store('tls'),
    ...store('token'),
    [`${LOGIN}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${LOGIN}.plain.sasl.jaas.config`]: jaas(
      'plain.PlainLoginModule',
      `user_alice="${SECRETS['alice_password'] ?? ''}"`,
    ),
    [`${LOGIN}.scram-sha-256.sasl.jaas.config`]: jaas('scram.ScramLoginModule'),
    [`${LOGIN}.scram-sha-512.sasl.jaas.config`]: jaas('scram.ScramLoginModule'),
    [`${TOKEN}.sasl.enabled.mechanisms`]: 'OAUTHBEARER',
    [`${TOKEN}.oauthbearer.sasl.jaas.config`]: jaas(
      'oauthbearer.OAuthBearerLoginModule',
      'unsecuredLoginStringClaim_sub="broker"',
    ),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:alice;User:gcn-reader',
  };
}

describeWithJava('a Kafka broker that lets in only whom it knows', () => {
  let folder: string;
  let certificates: Certificates;
  let broker: BrokerRig;
  let tokens: TokenServer;
  let topic: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ampel-certificates-'));
    certificates = await makeCertificates(folder);
    tokens = await startTokenServer(
      { 'gcn-reader': SECRETS['gcn_client'] ?? '', nobody: SECRETS['gcn_client'] ?? '' },
      TOKEN_LIFE_S,
    );
    broker = await startBrokerRig({
      listeners: [
        { name: 'TLS', protocol: 'SSL' },
        { name: 'LOGIN', protocol: 'SASL_PLAINTEXT' },
        { name: 'TOKEN', protocol: 'SASL_SSL' },
      ],
      settings: brokerSettings(certificates),
      scramUsers: [{ name: 'alice', password: SECRETS['alice_password'] ?? '' }],
    });
    topic = await broker.createTopic(2, 'gcn.notices.icecube');
    await broker.write(topic, alerts(2, 20));
  });

  afterAll(async () => {
    await broker.close();
    await tokens.close();
    await rm(folder, { recursive: true, force: true });
  });

  function login(
    mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512',
    passwordSecret = 'alice_password',
  ): KafkaSecurity {
    return { sasl: { mechanism, username: 'alice', passwordSecret } };
  }

  function token(change: Partial<Extract<KafkaLogin, { mechanism: 'oauthbearer' }>> = {}): KafkaSecurity {
    const clientId = 'gcn-reader';
    const sasl = {
      mechanism: 'oauthbearer',
      tokenUrl: tokens.url,
      clientId,
      clientSecret: 'gcn_client',
      ...change,
    } as const;
    return { tls: { caPath: certificates.caPath }, sasl };
  }

  const doors: Record<string, () => [listener: string, security: KafkaSecurity]> = {
    'a certificate (TLS)': () => ['TLS', { tls: { caPath: certificates.caPath } }],
    'a password': () => ['LOGIN', login('plain')],
    'a challenge (SCRAM-SHA-256)': () => ['LOGIN', login('scram-sha-256')],
    'a challenge (SCRAM-SHA-512)': () => ['LOGIN', login('scram-sha-512')],
    "a token, as NASA's GCN": () => ['TOKEN', token()],
  };

  function connection(listener: string, security?: KafkaSecurity): { brokers: string[]; security?: KafkaSecurity } {
    return { brokers: [broker.listeners[listener] ?? ''], ...(security !== undefined && { security }) };
  }

  async function read(listener: string, security?: KafkaSecurity): Promise<number> {
    const notices: string[] = [];
    const source = await kafkaSource(
      {
        kind: 'kafka',
        ...connection(listener, security),
        topics: [topic],
        group: newGroup(),
        startAt: 'earliest',
        until: 'end',
      },
      {
        ...{ secret, tuning: TUNING, reader: { index: 0, of: 1 } },
        owner: { takeOver: () => Promise.resolve(new Map<string, number>()), release: () => Promise.resolve() },
        onNotice: ({ message }) => notices.push(message),
      },
    );
    try {
      return (await readToEnd(source)).count;
    } finally {
      await source.close();
      expect(notices.join()).not.toContain('canary');
    }
  }

  /** How reading fails; nothing of it may hold a secret. */
  async function refusal(
    listener: string,
    security?: KafkaSecurity,
  ): Promise<{ kind: string; retryable: boolean; message: string }> {
    const error: unknown = await read(listener, security).then(
      (count) => new Error(`it read ${count}`),
      (failure: unknown) => failure,
    );
    if (!(error instanceof KafkaError)) throw error;
    expect(JSON.stringify([error, error.stack, error.cause, Object.entries(error)])).not.toContain('canary');
    return { kind: error.kind, retryable: error.retryable, message: error.message };
  }

  it.each(Object.keys(doors))('gives its alerts to a reader with %s', async (name) => {
    const [listener, security] = doors[name]?.() ?? ['', {}];
    expect(await read(listener, security)).toBe(20);
    const offsets = await offsetsAt({ ...connection(listener, security), topics: [topic] }, 'latest', secret);
    expect([...offsets.values()]).toEqual([10, 10]);
    const producer = await kafkaProducer(connection(listener, security), secret);
    await producer.close();
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'refuses a wrong password by %s, for good',
    async (mechanism) => {
      const { kind, retryable, message } = await refusal('LOGIN', login(mechanism, 'wrong_password'));
      expect({ kind, retryable }).toEqual({ kind: 'login', retryable: false });
      expect(message).toContain(broker.listeners['LOGIN']);
    },
  );

  it('says which secret is missing, and not what others are', async () => {
    const { kind, message } = await refusal('LOGIN', login('plain', 'unset'));
    expect({ kind, message }).toEqual({ kind: 'login', message: 'there is no secret "unset"' });
  });

  it('says that TLS is missing, or that nobody it knows vouches for the broker', async () => {
    expect(await refusal('TLS')).toMatchObject({ kind: 'tls', retryable: false });
    const strange = await refusal('TLS', { tls: { caPath: certificates.strangerPath } });
    expect(strange).toMatchObject({ kind: 'tls', retryable: false });
    expect(await refusal('TLS', { tls: { caPath: join(folder, 'missing.pem') } })).toMatchObject({ kind: 'tls' });
  });

  it('says that a login is missing, and that this one is not offered', async () => {
    expect(await refusal('LOGIN')).toMatchObject({ kind: 'login', retryable: false });
    expect(await refusal('TOKEN', { ...login('plain'), tls: { caPath: certificates.caPath } })).toMatchObject({
      kind: 'login',
      retryable: false,
    });
  });

  it("says that a client's secret is refused, without what the endpoint was sent", async () => {
    const { kind, retryable, message } = await refusal('TOKEN', token({ clientSecret: 'wrong_password' }));
    expect({ kind, retryable }).toEqual({ kind: 'login', retryable: false });
    expect(message).toContain('HTTP 401, invalid_client');
  });

  it('says that a reader may not be of the group', async () => {
    const known = await refusal('TOKEN', token({ clientId: 'nobody' }));
    expect(known).toMatchObject({ kind: 'topic', retryable: false });
    expect(known.message).toContain('may not');
  });

  it('may be tried again where the endpoint of tokens is down', async () => {
    tokens.breakWith(503);
    const down = await refusal('TOKEN', token());
    tokens.breakWith(200);
    expect(down).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(down.message).toContain('HTTP 503');
  });
});
