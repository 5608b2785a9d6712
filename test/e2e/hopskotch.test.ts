import kafkajs, { type KafkaMessage } from 'kafkajs';
import { choosePort } from '../../servers/free-port.js';
import { ReactionRefused, TryAgain, type Answer, type Clients } from '../../units/define.js';
import { messageId } from '../../units/hopskotch/message-id.js';
import { hopskotchReaction } from '../../units/t3/hopskotch-reaction.js';
import { startBrokerRig, type BrokerRig } from '../kafka/broker-rig.js';
import { describeWithJava } from '../kafka/describe-with-java.js';
import { eventually } from '../kafka/eventually.js';
import { lsstOccasion, LSST_STOCK } from '../receivers/hopskotch-occasion.js';
import { startKafkaProxy, type KafkaProxy } from '../receivers/kafka-proxy.js';
import { readAvroBlob } from '../receivers/read-avro-blob.js';

/** Stand nowhere but on the wire. */
const PASSWORDS: Readonly<Record<string, string>> = {
  ampel: 'canary-ampel-4711',
  writer: 'canary-writer-0815',
  nobody: 'canary-nobody-2718',
  wrong: 'canary-wrong-3141',
};
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const CLIENTS: Clients = {
  fetch: () => Promise.reject(new Error('not by HTTP')),
  secret: (name) => {
    const password = PASSWORDS[name];
    if (password === undefined) throw new Error(`there is no secret "${name}"`);
    return password;
  },
};

/** An address that nobody has (RFC 5737). */
const ELSEWHERE = '203.0.113.9';

let broker: BrokerRig;
/** Here the broker tells its clients that it is elsewhere. */
let farPort: number;
let proxy: KafkaProxy;
let keys = 0;

/** Of its own for each test. */
let topic: string;
let key: string;
let since: Date;

function configOf(over: Readonly<Record<string, unknown>> = {}) {
  return hopskotchReaction.config.parse({
    ...{ brokers: [`127.0.0.1:${proxy.port}`], security: 'none', topic },
    ...{ user: 'ampel', secret: 'ampel', timeoutSeconds: 25, ...over },
  });
}

async function send(over: Readonly<Record<string, unknown>> = {}, occasion = lsstOccasion()): Promise<Answer> {
  const config = configOf(over);
  return hopskotchReaction.send(hopskotchReaction.compose(occasion, config), key, config, CLIENTS);
}

function find(over: Readonly<Record<string, unknown>> = {}) {
  return hopskotchReaction.find?.(null, key, configOf(over), CLIENTS, since);
}

/** How it fails; no text holds a secret. */
async function failure(act: () => Promise<unknown> | undefined): Promise<Error> {
  const error: unknown = await Promise.resolve(act()).then(
    (made) => new Error(`it did not fail: ${JSON.stringify(made)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it throws what is no error');
  expect([error.message, error.stack, String(error.cause)].join()).not.toContain('canary');
  return error;
}

/** All that stands in the topic, read as somebody else reads it: with a login, a group and no knowledge of us. */
async function everything(): Promise<KafkaMessage[]> {
  const kafka = new kafkajs.Kafka({
    ...{ brokers: [`127.0.0.1:${proxy.port}`], logLevel: kafkajs.logLevel.NOTHING },
    sasl: { mechanism: 'scram-sha-512', username: 'ampel', password: PASSWORDS['ampel'] ?? '' },
  });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const count = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
  const messages: KafkaMessage[] = [];
  if (count === 0) return messages;
  const consumer = kafka.consumer({ groupId: `reader-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      messages.push(message);
      return Promise.resolve();
    },
  });
  await eventually(`${count} messages are read`, () => messages.length >= count);
  await consumer.disconnect();
  return messages;
}

async function startBroker(): Promise<BrokerRig> {
  const port = await choosePort(0, { title: 'Kafka', option: 'port' });
  const loginPort = await choosePort(0, { title: 'Kafka', option: 'port' });
  farPort = await choosePort(0, { title: 'Kafka', option: 'port' });
  proxy.leadTo(loginPort);
  return startBrokerRig({
    port,
    listeners: [
      { name: 'LOGIN', protocol: 'SASL_PLAINTEXT', port: loginPort },
      { name: 'FAR', protocol: 'PLAINTEXT', port: farPort },
    ],
    settings: {
      'advertised.listeners': `PLAIN://127.0.0.1:${port},LOGIN://127.0.0.1:${proxy.port},FAR://${ELSEWHERE}:9092`,
      'listener.name.login.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'listener.name.login.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required ;',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS;User:ampel',
    },
    scramUsers: ['ampel', 'writer', 'nobody'].map((name) => ({ name, password: PASSWORDS[name] ?? '' })),
  });
}

/** By the door without a login, which leads to who may do everything. */
function plainKafka() {
  return new kafkajs.Kafka({ brokers: [...broker.brokers], logLevel: kafkajs.logLevel.NOTHING });
}

async function letWrite(user: string): Promise<void> {
  const admin = plainKafka().admin();
  await admin.connect();
  const acl = {
    ...{ resourceType: AclResourceTypes.TOPIC, resourceName: topic, principal: `User:${user}`, host: '*' },
    ...{ resourcePatternType: ResourcePatternTypes.LITERAL, permissionType: AclPermissionTypes.ALLOW },
    operation: AclOperationTypes.WRITE,
  };
  await admin.createAcls({ acl: [acl] });
  await admin.disconnect();
}

describeWithJava('a report on Hopskotch', () => {
  beforeAll(async () => {
    proxy = await startKafkaProxy();
    broker = await startBroker();
  });

  afterAll(async () => {
    await broker.close();
    await proxy.stop();
  });

  beforeEach(async () => {
    topic = await broker.createTopic(3, `ampel.report-${++keys}`);
    key = `INFANTS/publish/${keys}`;
    since = new Date();
    proxy.ways.length = 0;
  });

  it('is read by whoever else has a login, with the headers of hop-client', async () => {
    const answer = await send();
    expect(answer.status).toBe('published');
    expect(answer.reference).toEqual({ topic, partition: expect.any(Number) as number, offset: '0' });
    const [message, ...others] = await everything();
    expect(others).toEqual([]);
    expect(message?.headers).toEqual({
      _id: messageId(key),
      _sender: Buffer.from('ampel'),
      _format: Buffer.from('avro'),
    });
    expect(message?.key?.toString()).toBe(LSST_STOCK);
    expect(await readAvroBlob(message?.value ?? Buffer.alloc(0))).toEqual([
      {
        object: {
          ...{ id: LSST_STOCK, external_id: null, source: 'LSST' },
          ...{ ra: 149.7, ra_err: 0.00002, dec: 1.46, dec_err: 0.00003, ra_dec_cov: 1e-12 },
        },
        photometry: [
          { time: 2_461_189.5, flux: 6000.5, fluxerr: 400.25, band: 'lssti', zp: 31.4, zpsys: 'ab' },
          { time: 2_461_194.5, flux: 7100, fluxerr: 350, band: 'lsstr', zp: 31.4, zpsys: 'ab' },
        ],
        features: [],
      },
    ]);
  });

  it('is marked as a test where that is asked for', async () => {
    await send({ test: true });
    expect((await everything())[0]?.headers).toMatchObject({ _test: Buffer.from('true') });
  });

  it('is found where only the answer was lost, and stands there once', async () => {
    proxy.ways.push('lose the answer');
    const error = await failure(() => send());
    expect(error).not.toBeInstanceOf(TryAgain);
    expect(error).not.toBeInstanceOf(ReactionRefused);
    expect(error.message).toContain('may have been published');
    const found = await find();
    expect(found).toMatchObject({ status: 'found in the topic', reference: { topic, offset: '0' } });
    expect(await everything()).toHaveLength(1);
  });

  it('is not found where the message was lost, also among others, and is then sent', async () => {
    const others = Array.from({ length: 500 }, (_, index) => ({ value: Buffer.from(`${index}`), key: `${index}` }));
    await broker.write(topic, others);
    proxy.ways.push('lose the message');
    const error = await failure(() => send());
    expect(error.message).toContain('may have been published');
    expect(await find()).toBe('not there');
    expect((await send()).status).toBe('published');
    expect(await find()).toMatchObject({ status: 'found in the topic' });
    expect(await everything()).toHaveLength(501);
  });

  it('is not found in a topic where nothing was ever written', async () => {
    expect(await find()).toBe('not there');
  });

  it('is not found in a topic that ends with the mark of a transaction', async () => {
    const producer = plainKafka().producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: 'of somebody else', partition: 1 }] });
    await transaction.commit();
    await producer.disconnect();
    expect(await find()).toBe('not there');
  });

  it('is looked for after the time of the try only', async () => {
    await send();
    since = new Date(Date.now() + 3_600_000);
    expect(await find()).toBe('not there');
  });

  it('cannot be looked for among more messages than can be read', async () => {
    const others = Array.from({ length: 20_001 }, () => ({ value: Buffer.from('x'), partition: 1 }));
    await broker.write(topic, others);
    expect(await find()).toBe('cannot tell');
  });

  it('is in doubt where the connection stays open and nothing comes', async () => {
    proxy.ways.push('half open');
    const error = await failure(() => send({ timeoutSeconds: 3 }));
    expect(error.message).toMatch(/no answer within 3 s; it may have been published/);
    expect(error).not.toBeInstanceOf(TryAgain);
    expect(await find()).toMatchObject({ status: 'found in the topic' });
  });

  it('is refused for a wrong password, with the user and without the password', async () => {
    const error = await failure(() => send({ secret: 'wrong' }));
    expect(error).toBeInstanceOf(ReactionRefused);
    expect(error.message).toContain('password of user ampel');
    expect(await failure(() => find({ secret: 'wrong' }))).toBeInstanceOf(TryAgain);
  });

  it('waits for a secret that is not there', async () => {
    const error = await failure(() => send({ secret: 'missing' }));
    expect(error).toBeInstanceOf(TryAgain);
    expect(error.message).toContain('missing');
  });

  it('is refused by a topic that does not exist, and makes none', async () => {
    const error = await failure(() => send({ topic: 'ampel.nowhere' }));
    expect(error).toBeInstanceOf(ReactionRefused);
    expect(error.message).toContain('is there a topic ampel.nowhere');
    expect(await find({ topic: 'ampel.nowhere' })).toBe('cannot tell');
  });

  it('is refused to who may not write', async () => {
    const error = await failure(() => send({ user: 'nobody', secret: 'nobody' }));
    expect(error).toBeInstanceOf(ReactionRefused);
    expect(error.message).toContain('the right to write');
    expect(await everything()).toEqual([]);
  });

  it('is published by who may only write, who then cannot look for it', async () => {
    await letWrite('writer');
    const login = { user: 'writer', secret: 'writer' };
    await eventually('the right is known', async () => {
      return !((await send(login).catch((error: unknown) => error)) instanceof Error);
    });
    expect(await find(login)).toBe('cannot tell');
  });

  it('is refused where the topic takes no message that large', async () => {
    topic = await broker.createTopic(1, `ampel.small-${keys}`, { 'max.message.bytes': '600' });
    const error = await failure(() => send());
    expect(error).toBeInstanceOf(ReactionRefused);
    expect(error.message).toContain('max.message.bytes');
  });

  it('is tried again where no broker listens, and published by one that does', async () => {
    const silent = await choosePort(0, { title: 'nobody', option: 'port' });
    const down = `127.0.0.1:${silent}`;
    expect(await failure(() => send({ brokers: [down] }))).toBeInstanceOf(TryAgain);
    expect((await send({ brokers: [down, `127.0.0.1:${proxy.port}`] })).status).toBe('published');
    const unread = await failure(() => find({ brokers: [down] }));
    expect(unread.message).toContain('cannot be read');
  });

  it('is sent nowhere else without TLS, whatever the brokers say', async () => {
    const error = await failure(() => send({ brokers: [`127.0.0.1:${farPort}`], user: undefined, secret: undefined }));
    expect(error.message).toContain(`the cluster leads to ${ELSEWHERE}, another machine: set security to tls`);
  });

  it('is tried again where the broker speaks no TLS', async () => {
    const error = await failure(() => send({ security: 'tls', brokers: broker.brokers }));
    expect(error).toBeInstanceOf(TryAgain);
  });
});
