import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { describeWithJava } from '../kafka/describe-with-java.js';
import { runAmpel } from '../run-ampel.js';

const count = z.int().min(0);

/** What both ways to read the nights have to agree on. */
const outcome = z.object({
  figures: z.looseObject({ alerts: count, accepted: z.object({ alerts: count, objects: count }) }),
  received: z.strictObject({ reactions: count, repeated: count }),
  score: z.looseObject({ completeness: z.looseObject({ of: count }), purity: z.looseObject({ of: count }) }),
  best: z.array(z.looseObject({ objectId: z.string() })),
});

const live = z.object({
  kafka: z.looseObject({
    ...{ topics: count, partitions: count, readers: count, messages: count, writtenBefore: count, bytes: count },
    nights: z.array(z.looseObject({ messages: count, seconds: z.number().positive() })),
  }),
});

/** Servers named in the environment of whoever runs the tests are not what is tested here; the demo's broker is its own. */
const env = {
  ...{ AMPEL_TEMPORAL_ADDRESS: '', AMPEL_MONGODB_URI: '', AMPEL_DATABASE: '', AMPEL_KAFKA_BROKERS: '127.0.0.1:9' },
};
const SKY = ['--nights', '3', '--seed', '5', '--alerts-per-night', '300'];

describeWithJava('ampel demo --kafka', () => {
  let scratch: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'ampel-demo-kafka-'));
  });

  afterAll(() => rm(scratch, { recursive: true, force: true }));

  async function demo(...args: string[]): Promise<unknown> {
    const { status, stdout, stderr } = await runAmpel(['demo', '--json', ...args], {
      env: { ...env, TMPDIR: scratch },
    });
    if (status !== 0) throw new Error(`ampel demo ends with status ${status}: ${stderr}`);
    return JSON.parse(stdout);
  }

  it('finds the same supernovae in nights that come through Kafka as in the same nights from files, and tells of each once', async () => {
    const fromFiles = outcome.parse(await demo(...SKY));
    const played = await demo(...SKY, '--kafka', '--rate', '0');
    expect(outcome.parse(played)).toEqual(fromFiles);
    expect(fromFiles.figures.accepted.objects).toBeGreaterThan(0);
    expect(fromFiles.received).toMatchObject({ repeated: 0 });
    expect(fromFiles.received.reactions).toBeGreaterThanOrEqual(fromFiles.figures.accepted.objects);
    const { kafka } = live.parse(played);
    expect(kafka).toMatchObject({ messages: fromFiles.figures.alerts, writtenBefore: 0, partitions: 4, readers: 2 });
    expect(kafka.nights).toHaveLength(kafka.topics);
    expect(kafka.nights.reduce((sum, { messages }) => sum + messages, 0)).toBe(kafka.messages);
  });

  it('leaves nothing behind: no folder of its servers or its broker', async () => {
    expect((await readdir(scratch)).filter((name) => name.startsWith('ampel-'))).toEqual([]);
  });
});

describe('ampel demo --kafka where it cannot run', () => {
  it('says what to install before it starts anything, without Java', async () => {
    const { status, stderr } = await runAmpel(['demo', '--kafka'], { env: { ...env, JAVA_HOME: '/nowhere' } });
    expect(stderr).not.toContain('starting');
    expect(stderr).toContain('Install a Java runtime');
    expect(stderr).toContain('"ampel demo" without --kafka needs none');
    expect(status).toBe(4);
  });

  it('takes no rate without --kafka', async () => {
    const { status, stderr } = await runAmpel(['demo', '--rate', '5'], { env });
    expect(stderr).toContain('--rate is how fast nights are played into Kafka');
    expect(status).toBe(2);
  });
});
