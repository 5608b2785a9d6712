import kafkajs from 'kafkajs';
import type { Json } from '../../model/canonical-json.js';
import { stockOfZtfName } from '../../model/ztf-name.js';
import { choosePort } from '../../servers/free-port.js';
import { startBrokerRig } from '../kafka/broker-rig.js';
import { startKafkaProxy } from '../receivers/kafka-proxy.js';
import { startPostReceiver } from '../receivers/post-receiver.js';
import { SlackServer } from '../receivers/slack-server.js';
import { startSmtpReceiver } from '../receivers/smtp-receiver.js';
import { startTnsServer } from '../receivers/tns-server.js';

/** A reaction unit before its receiver. */
export interface Told {
  readonly unit: string;
  readonly config: Readonly<Record<string, Json>>;
  /** By name, as the worker is given them. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The receiver acts on the next message and never answers. Not of a unit that tells nobody outside. */
  readonly holdNext?: () => void;
  /** How often it has acted on the object. */
  readonly acted: (objectId: string) => number;
  /** What a doubt comes to: the receiver can be asked or knows keys, or a person has to say. */
  readonly afterDoubt: 'confirmed' | 'outcome unknown';
  readonly close: () => Promise<void>;
}

const CHANNEL = 'C024BE91L';
const TOKEN = 'xoxb-of-the-kill-test';
const BOT = { id: 1, name: 'kill test', key: 'tns-key-of-the-kill-test' };

/** Every unit that reacts, each with a receiver of its own. */
export function startReceivers(): Promise<Told[]> {
  return Promise.all([webhook(), slack(), slackWebhook(), email(), tns(), hopskotch(), circular()]);
}

async function webhook(): Promise<Told> {
  const receiver = await startPostReceiver();
  return {
    ...{ unit: 'WebhookReaction', config: { url: receiver.url }, holdNext: receiver.holdNext, close: receiver.close },
    // It knows keys: the same key is the same act.
    acted: (objectId) =>
      new Set(receiver.posts.filter(({ body }) => body.includes(objectId)).map(({ key, body }) => `${key} ${body}`))
        .size,
    afterDoubt: 'confirmed',
  };
}

async function slack(): Promise<Told> {
  const server = new SlackServer(TOKEN);
  await server.comeUp();
  server.open(CHANNEL);
  return {
    ...{ unit: 'SlackReaction', config: { channel: CHANNEL, secret: 'kill_slack', apiUrl: server.apiUrl } },
    secrets: { kill_slack: TOKEN },
    holdNext: () => {
      server.trouble({ kind: 'half-open', acts: true }, { method: 'chat.postMessage' });
    },
    acted: (objectId) => server.messages(CHANNEL).filter(({ text }) => text.includes(objectId)).length,
    ...{ afterDoubt: 'confirmed', close: () => server.goDown() },
  };
}

async function slackWebhook(): Promise<Told> {
  const receiver = await startPostReceiver();
  return {
    ...{ unit: 'SlackWebhookReaction', config: { secret: 'kill_hook' }, secrets: { kill_hook: receiver.url } },
    ...{ holdNext: receiver.holdNext, close: receiver.close },
    acted: (objectId) => receiver.posts.filter(({ body }) => body.includes(objectId)).length,
    afterDoubt: 'outcome unknown',
  };
}

async function email(): Promise<Told> {
  const receiver = await startSmtpReceiver();
  const config = { to: ['a@example.org'], from: 'b@example.org', server: '127.0.0.1', security: 'none' };
  return {
    ...{ unit: 'EmailReaction', config: { ...config, port: receiver.port } },
    holdNext: () => {
      receiver.ways.push('say nothing');
    },
    acted: (objectId) => receiver.mails.filter(({ content }) => content.includes(`Subject: ${objectId}`)).length,
    ...{ afterDoubt: 'outcome unknown', close: () => receiver.stop() },
  };
}

async function tns(): Promise<Told> {
  const server = await startTnsServer(BOT);
  const config = {
    ...{ url: server.url, secret: 'kill_tns', bot: { id: BOT.id, name: BOT.name }, reporter: 'A. Ampel' },
    ...{ groups: { reporting: 82, dataSource: 48 }, minDetections: 1, pollSeconds: 1 },
  };
  return {
    ...{ unit: 'TNSReport', config, secrets: { kill_tns: BOT.key } },
    holdNext: () => {
      server.fail('report', 'held', 1);
    },
    acted: (objectId) => {
      server.books.processAll();
      return server.books.reported.filter((name) => name === objectId).length;
    },
    ...{ afterDoubt: 'confirmed', close: () => server.close() },
  };
}

/** Nobody is told but the store: what a person reads there is there once. */
function circular(): Promise<Told> {
  return Promise.resolve({
    ...{ unit: 'CircularDraft', config: { style: 'gcn', authors: 'A. Ampel', group: 'the test' } },
    ...{ acted: () => 1, afterDoubt: 'confirmed', close: () => Promise.resolve() },
  });
}

/** A real broker behind a proxy; what stands in the topic is read as others read it. */
async function hopskotch(): Promise<Told> {
  const proxy = await startKafkaProxy();
  const port = await choosePort(0, { title: 'Kafka', option: '' });
  proxy.leadTo(port);
  const broker = await startBrokerRig({
    ...{ port, settings: { 'advertised.listeners': `PLAIN://127.0.0.1:${proxy.port}` } },
  });
  const topic = await broker.createTopic(2, 'ampel.kill-test');
  const kafka = new kafkajs.Kafka({ brokers: [`127.0.0.1:${proxy.port}`], logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: 'reader-of-the-kill-test' });
  const stocks: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      stocks.push(message.key?.toString() ?? '');
      return Promise.resolve();
    },
  });
  return {
    ...{ unit: 'HopskotchReaction', config: { brokers: [`127.0.0.1:${proxy.port}`], topic, security: 'none' } },
    holdNext: () => {
      proxy.ways.push('half open');
    },
    acted: (objectId) => stocks.filter((stock) => stock === String(stockOfZtfName(objectId))).length,
    afterDoubt: 'confirmed',
    async close() {
      await consumer.disconnect();
      await broker.close();
      await proxy.stop();
    },
  };
}
