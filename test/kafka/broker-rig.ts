import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, { type Admin } from 'kafkajs';
import { startKafka, type KafkaOptions, type RunningKafka } from '../../servers/kafka.js';
import { kafkaProducer, type KafkaProducer, type Packing } from '../../streams/kafka/producer.js';
import type { OutgoingMessage } from '../../streams/kafka/producer.js';
import { eventually } from './eventually.js';

/** A real broker with its data in a folder of its own. */
export interface BrokerRig {
  readonly brokers: readonly string[];
  readonly listeners: Readonly<Record<string, string>>;
  readonly folder: string;
  /** A topic of a new name, or of this one. */
  createTopic(partitions: number, name?: string, settings?: Readonly<Record<string, string>>): Promise<string>;
  addPartitions(topic: string, count: number): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** As retention does. */
  deleteBefore(topic: string, partition: number, offset: number): Promise<void>;
  write(topic: string, messages: readonly OutgoingMessage[], packing?: Packing): Promise<void>;
  /** What a group has acknowledged, by partition `<topic>/<number>`. */
  committed(group: string, topic: string): Promise<Record<string, number>>;
  /** Bytes that this process has received from the broker up to now, over all connections. */
  receivedBytes(): number;
  stopBroker(): Promise<void>;
  /** On the port and the folder of before. */
  startBroker(): Promise<void>;
  close(): Promise<void>;
}

/** Sessions of a second and a half, where production has half a minute. */
const QUICK = { 'group.min.session.timeout.ms': '1000' };

/** Brokers named in the environment of whoever runs the tests are not to be filled with these topics. */
const env = { ...process.env, AMPEL_KAFKA_BROKERS: '' };

export async function startBrokerRig(options: Partial<KafkaOptions> = {}): Promise<BrokerRig> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-kafka-'));
  const sockets = watchSockets();
  const start = (port: number): Promise<RunningKafka> =>
    startKafka({ env, folder, port, ...options, settings: { ...QUICK, ...options.settings } });
  const first = await start(0);
  const { brokers, listeners } = first;
  const port = Number(brokers[0]?.split(':')[1]);
  const state = { broker: first };
  const producers: KafkaProducer[] = [];
  const withAdmin = adminOf(brokers);
  return {
    ...{ brokers, listeners, folder },
    ...topicActions(withAdmin),
    async write(topic, messages, packing) {
      const producer = producers[0] ?? (await kafkaProducer({ brokers }, () => ''));
      if (producers.length === 0) producers.push(producer);
      await producer.send(topic, messages, packing);
    },
    receivedBytes: () => sockets.received(port),
    stopBroker: () => state.broker.stop(),
    async startBroker() {
      state.broker = await start(port);
    },
    async close() {
      await producers[0]?.close();
      sockets.stop();
      await state.broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type WithAdmin = <Answer>(ask: (admin: Admin) => Promise<Answer>) => Promise<Answer>;

type TopicActions = Pick<BrokerRig, 'createTopic' | 'addPartitions' | 'deleteTopic' | 'deleteBefore' | 'committed'>;

function topicActions(withAdmin: WithAdmin): TopicActions {
  let topics = 0;
  return {
    async createTopic(partitions, name = `alerts${++topics}`, settings = {}) {
      const configEntries = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
      const settled = { topic: name, numPartitions: partitions, configEntries };
      // The client's own way of waiting takes a topic that is not known everywhere yet for a failure.
      await withAdmin((admin) => admin.createTopics({ waitForLeaders: false, topics: [settled] }));
      await eventually(`${name} is there`, () => withAdmin((admin) => isServed(admin, name, partitions)));
      return name;
    },
    addPartitions: (topic, count) =>
      withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] })).then(() => undefined),
    async deleteTopic(topic) {
      await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
      await eventually(`${topic} is gone`, () =>
        withAdmin(async (admin) => !(await admin.listTopics()).includes(topic)),
      );
    },
    deleteBefore: (topic, partition, offset) =>
      withAdmin(async (admin) => {
        // Has it look where the topic is.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
      }),
    committed: (group, topic) => withAdmin((admin) => committedBy(admin, group, topic)),
  };
}

function adminOf(brokers: readonly string[]): WithAdmin {
  return async (ask) => {
    const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      return await ask(admin);
    } finally {
      await admin.disconnect();
    }
  };
}

/** Metadata tell of a partition before its broker takes anything for it. */
async function isServed(admin: Admin, topic: string, count: number): Promise<boolean> {
  try {
    return (await admin.fetchTopicOffsets(topic)).length === count;
  } catch {
    return false;
  }
}

async function committedBy(admin: Admin, group: string, topic: string): Promise<Record<string, number>> {
  const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const offsets = found?.partitions.map(({ partition, offset }) => [`${topic}/${partition}`, Number(offset)] as const);
  return Object.fromEntries((offsets ?? []).filter(([, offset]) => offset >= 0));
}

function watchSockets(): { received: (port: number) => number; stop: () => void } {
  const ports = new Map<Socket, number | undefined>();
  const note = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    const { socket } = message;
    // Once it is closed it does not know its port any more.
    if (socket instanceof Socket) socket.once('connect', () => ports.set(socket, socket.remotePort));
  };
  subscribe('net.client.socket', note);
  return {
    received: (port) =>
      [...ports].filter(([, one]) => one === port).reduce((total, [{ bytesRead }]) => total + bytesRead, 0),
    stop() {
      unsubscribe('net.client.socket', note);
    },
  };
}
