import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import kafkajs from 'kafkajs';
import { z } from 'zod';
import type { KafkaSource } from '../../model/kafka-source.js';
import { answersKafka } from '../../servers/kafka-answer.js';
import type { KafkaNotice } from '../../streams/kafka/notice.js';
import { kafkaProducer } from '../../streams/kafka/producer.js';
import { kafkaSource } from '../../streams/kafka/source.js';
import { startBrokerRig, type BrokerRig } from '../kafka/broker-rig.js';
import { describeWithJava } from '../kafka/describe-with-java.js';
import { eventually } from '../kafka/eventually.js';
import { alerts, newGroup } from '../kafka/nights.js';
import { readOn, readToEnd, type Taken } from '../kafka/reading.js';

const ALERT = Buffer.from('ZTF18aaaaaaa '.repeat(100));

describeWithJava('a Kafka broker of our own', () => {
  let broker: BrokerRig;

  beforeAll(async () => {
    broker = await startBrokerRig();
  });

  afterAll(() => broker.close());

  async function read(topic: string): Promise<Taken> {
    const source = await kafkaSource(
      { kind: 'kafka', brokers: broker.brokers, topics: [topic], group: newGroup(), startAt: 'earliest', until: 'end' },
      {
        owner: { takeOver: () => Promise.resolve(new Map<string, number>()), release: () => Promise.resolve() },
        ...{ reader: { index: 0, of: 1 }, secret: () => '' },
      },
    );
    try {
      return await readToEnd(source);
    } finally {
      await source.close();
    }
  }

  it.each(['none', 'gzip', 'snappy'] as const)('gives back what was packed with %s', async (packing) => {
    const topic = await broker.createTopic(1);
    await broker.write(topic, [{ partition: 0, value: ALERT }], packing);
    const [batch] = (await read(topic)).batches;
    expect(batch?.packets[0]?.bytes.equals(ALERT)).toBe(true);
  });

  it.each([
    ['gzip', true],
    ['snappy', true],
    ['lz4', false],
    ['zstd', true],
  ])('unpacks what the broker itself packs with %s, or says that nobody here can', async (codec, isKnown) => {
    const topic = await broker.createTopic(1, undefined, { 'compression.type': codec });
    await broker.write(topic, [{ partition: 0, value: ALERT }]);
    const reading = read(topic);
    if (isKnown) expect((await reading).batches[0]?.packets[0]?.bytes.equals(ALERT)).toBe(true);
    else {
      await expect(reading).rejects.toMatchObject({ kind: 'codec', retryable: false });
      await expect(reading).rejects.toThrow(`packed with ${codec}`);
    }
  });

  it('is read to the end past the marks of transactions, and without what was called off', async () => {
    const topic = await broker.createTopic(1);
    await inTransaction('kept', 'commit');
    await inTransaction('called off', 'abort');
    expect((await read(topic)).texts).toEqual(['kept']);

    async function inTransaction(text: string, end: 'commit' | 'abort'): Promise<void> {
      const kafka = new kafkajs.Kafka({ brokers: [...broker.brokers], logLevel: kafkajs.logLevel.NOTHING });
      const producer = kafka.producer({
        ...{ transactionalId: `night-${text}`, maxInFlightRequests: 1, idempotent: true },
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      });
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, value: text }] });
      await transaction[end]();
      await producer.disconnect();
    }
  });

  it('keeps alerts of one object in order, and tells of a partition that is not there', async () => {
    const topic = await broker.createTopic(3);
    const producer = await kafkaProducer({ brokers: broker.brokers }, () => '');
    const keyed = alerts(1, 12).map(({ value }, i) => ({ value, key: `ZTF18aaaaaa${'abc'[i % 3] ?? ''}` }));
    for (const one of keyed) await producer.send(topic, [one]);
    await expect(producer.send(topic, [{ value: ALERT, partition: 7 }])).rejects.toMatchObject({ kind: 'topic' });
    await expect(producer.send('no-such-topic', [{ value: ALERT }])).rejects.toMatchObject({ kind: 'topic' });
    await producer.send(topic, [{ value: Buffer.from('later'), partition: 0 }]);
    await producer.close();
    const { texts } = await read(topic);
    for (const object of [0, 1, 2]) {
      const own = keyed.filter((_, i) => i % 3 === object).map(({ value }) => value.toString());
      expect(texts.filter((text) => own.includes(text))).toEqual(own);
    }
    expect(texts).toContain('later');
  });

  it('is waited for while it is away, and after a while its absence is a failure that may be tried again', async () => {
    const topic = await broker.createTopic(1);
    await broker.write(topic, alerts(1, 1));
    const notices: KafkaNotice[] = [];
    const options = {
      owner: { takeOver: () => Promise.resolve(new Map<string, number>()), release: () => Promise.resolve() },
      ...{ reader: { index: 0, of: 1 }, secret: () => '', tuning: { retryMs: 10, patienceMs: 100 } },
      onNotice: (notice: KafkaNotice) => notices.push(notice),
    };
    const spec: KafkaSource = {
      ...{ kind: 'kafka', brokers: broker.brokers, topics: [topic], group: newGroup(), startAt: 'earliest' },
    };
    const source = await kafkaSource(spec, options);
    const { taken, ended } = readOn(source);
    await eventually('it reads', () => taken.count === 1);
    await broker.stopBroker();
    await expect(ended).rejects.toMatchObject({ kind: 'unreachable', retryable: true });
    await source.close();
    await expect(source.acknowledge(`${topic}/0`, 1)).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(kafkaSource(spec, options)).rejects.toMatchObject({ kind: 'unreachable', retryable: true });
    await broker.startBroker();
    expect(notices[0]).toMatchObject({ kind: 'away' });
  });

  it('is not asked any more when the one who reads is called off', async () => {
    const topic = await broker.createTopic(1);
    const calledOff = new AbortController();
    const source = await kafkaSource(
      { kind: 'kafka', brokers: broker.brokers, topics: [topic], group: newGroup(), startAt: 'earliest' },
      {
        owner: { takeOver: () => Promise.resolve(new Map<string, number>()), release: () => Promise.resolve() },
        ...{ reader: { index: 0, of: 1 }, secret: () => '', signal: calledOff.signal },
      },
    );
    const { ended } = readOn(source);
    calledOff.abort();
    await ended;
    expect(calledOff.signal.aborted).toBe(true);
  });

  it.each([
    [{ brokers: ['kafka'] }, 'expected host:port'],
    [{ brokers: [] }, 'names no broker'],
    [{ topics: ['/(/'] }, 'no pattern of topics'],
  ])('is not looked for with a source like %j', async (change, words) => {
    const spec: KafkaSource = {
      ...{ kind: 'kafka', brokers: broker.brokers, topics: ['ztf'], group: newGroup(), startAt: 'earliest' },
      ...change,
    };
    const owner = { takeOver: () => Promise.resolve(new Map<string, number>()), release: () => Promise.resolve() };
    const opening = kafkaSource(spec, { owner, reader: { index: 0, of: 1 }, secret: () => '' });
    await expect(opening).rejects.toMatchObject({ kind: 'source', retryable: false });
    await expect(opening).rejects.toThrow(words);
  });
});

describeWithJava('a Kafka broker and the program that started it', () => {
  it('ends with it, also when it is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ampel-kafka-parent-'));
    const program = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, join(folder, 'kafka')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', AMPEL_KAFKA_BROKERS: '' },
    });
    const [line] = z.tuple([z.string()]).parse(await once(createInterface({ input: program.stdout }), 'line'));
    const port = z.number().parse(JSON.parse(line));
    await answersKafka('127.0.0.1', port);
    program.kill('SIGKILL');
    await eventually('the broker is gone with its data', async () => {
      const answers = await answersKafka('127.0.0.1', port).then(
        () => true,
        () => false,
      );
      return !answers && !existsSync(join(folder, 'kafka'));
    });
    await rm(folder, { recursive: true, force: true });
  });
});

/** A program of its own, as a user's is, with the compiled code. */
const PROGRAM = `
import { startKafka } from '${new URL('../../dist/servers/kafka.js', import.meta.url).href}';
const folder = process.argv[1];
const { brokers } = await startKafka({ folder, discard: { folders: [folder], ifEmpty: folder } });
console.log(brokers[0].split(':')[1]);
setInterval(() => {}, 1000);
`;
