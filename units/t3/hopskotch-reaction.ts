import { z } from 'zod';
import { defineT3, ReactionRefused, TryAgain, type Answer, type Clients } from '../define.js';
import { avroReport } from '../hopskotch/avro-report.js';
import { findMessage } from '../hopskotch/find-message.js';
import { LOOPBACK, type KafkaAccess } from '../hopskotch/kafka-client.js';
import { messageId, uuidText } from '../hopskotch/message-id.js';
import { publish, type Place } from '../hopskotch/publish.js';
import { composeReport, reportMessage, type TransientReport } from '../hopskotch/transient-report.js';

const BROKER = /^(?<host>\[[0-9a-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]{0,250}):\d{1,5}$/;

const config = z
  .strictObject({
    brokers: z
      .array(z.string().regex(BROKER, 'expected host:port, such as kafka.scimma.org:9092'))
      .min(1)
      .max(20)
      .default(['kafka.scimma.org:9092'])
      .describe("Kafka's brokers, host:port each; default those of Hopskotch"),
    topic: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected the name of a topic, such as ampel.lsst.extragalactic-transients')
      .describe('the topic that it is published on; it has to exist'),
    user: z.string().min(1).max(250).optional().describe('name of the login'),
    secret: z.string().min(1).optional().describe('name of the secret that is its password'),
    mechanism: z
      .enum(['scram-sha-512', 'scram-sha-256', 'plain'])
      .default('scram-sha-512')
      .describe('how the brokers ask for the password'),
    security: z
      .enum(['tls', 'none'])
      .default('tls')
      .describe('how the connection is encrypted; none only on this machine'),
    bands: z
      .record(z.string().min(1), z.string().regex(/^[a-z0-9:_]{0,20}$/, 'expected small letters and digits'))
      .refine((bands) => Object.keys(bands).length > 0, 'expected one tag at least')
      .default({ LSST: 'lsst', ZTF_PUB: 'ztf' })
      .describe('what names of bands begin with, by tag: lssti. Points with none of these tags are not published'),
    features: z
      .array(z.string().regex(/^\w+$/, 'expected a unit, such as T2LightCurveSummary'))
      .max(40)
      .default([])
      .describe("T2 units whose results' numbers are published"),
    test: z.boolean().default(false).describe("marked as a test: hop's readers leave it out"),
    group: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,150}$/)
      .optional()
      .describe('what the name of the consumer group begins with that reads the topic in doubt; default the user'),
    timeoutSeconds: z.number().positive().max(50).default(30).describe('give up on this try after so long'),
  })
  .superRefine(({ security, brokers, user, secret }, context) => {
    const remote = brokers.find((broker) => !LOOPBACK.test(hostOf(broker)));
    if (security === 'none' && remote !== undefined) {
      context.addIssue({ code: 'custom', path: ['security'], message: `expected tls for another machine, ${remote}` });
    }
    if ((user === undefined) !== (secret === undefined)) {
      const path = [user === undefined ? 'user' : 'secret'];
      context.addIssue({ code: 'custom', path, message: 'a login is both a user and a secret' });
    }
  });

type Config = z.output<typeof config>;

/** Clocks of workers and brokers differ by less. */
const CLOCKS_DIFFER_MS = 10 * 60_000;

/**
 * Publishes AMPEL's report of a transient on Hopskotch, SCiMMA's Kafka, or on any other: as an Avro container with the headers of
 * hop-client. Its `_id` is made of the reaction's key, so that in doubt the topic itself tells whether it is there: see
 * docs/reactions.md.
 */
export const hopskotchReaction = defineT3({
  name: 'HopskotchReaction',
  version: '1.0.0',
  summary: "Publishes AMPEL's report of the object on Hopskotch or another Kafka, for SkyPortal and others.",
  config,
  compose: composeReport,
  async send(message, key, config, clients) {
    const { refusal, report } = reportMessage.parse(message);
    if (report === null) throw new ReactionRefused(refusal ?? 'there is no report');
    const { topic, user, test } = config;
    const place = await publish(accessOf(config, clients), topic, {
      value: await encoded(report),
      // All of an object in one partition, in order.
      key: report.object.id,
      headers: {
        _id: messageId(key),
        ...(user !== undefined && { _sender: user }),
        ...(test && { _test: 'true' }),
        _format: 'avro',
      },
    });
    return answerOf('published', place, key);
  },
  async find(_message, key, config, clients, since) {
    const { topic, user, group } = config;
    const found = await findMessage(accessOf(config, clients), {
      ...{ topic, group: group ?? user ?? 'ampel', id: messageId(key) },
      from: new Date(since.getTime() - CLOCKS_DIFFER_MS),
    });
    return typeof found === 'string' ? found : answerOf('found in the topic', found, key);
  },
});

function answerOf(status: string, { topic, partition, offset }: Place, key: string): Answer {
  const detail = `${topic}, partition ${partition}, offset ${offset}, _id ${uuidText(messageId(key))}`;
  return { status, detail, reference: { topic, partition, offset } };
}

/** What cannot be written in this schema never will be. */
async function encoded(report: TransientReport): Promise<Buffer> {
  try {
    return await avroReport(report);
  } catch (error) {
    throw new ReactionRefused(`no Avro record: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function accessOf(
  { brokers, security, mechanism, user, secret, timeoutSeconds }: Config,
  clients: Clients,
): KafkaAccess {
  const access = { brokers, security, timeoutMs: timeoutSeconds * 1000 };
  if (user === undefined || secret === undefined) return access;
  return { ...access, login: { mechanism, username: user, password: passwordOf(secret, clients) } };
}

/** Nothing was sent yet, and the secret may come. */
function passwordOf(secret: string, clients: Clients): string {
  try {
    return clients.secret(secret);
  } catch (error) {
    throw new TryAgain(error instanceof Error ? error.message : `there is no secret "${secret}"`);
  }
}

function hostOf(broker: string): string {
  return (BROKER.exec(broker)?.groups?.['host'] ?? '').replace(/^\[|\]$/g, '');
}
