import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runAmpel } from '../run-ampel.js';

const count = z.int().min(0);
const share = z.strictObject({ found: count, of: count, fraction: z.number().min(0).max(1).nullable() });

const figures = z.object({
  alerts: count,
  unreadable: count,
  rejected: z.record(z.string(), count),
  rejectedWhileFollowed: count,
  accepted: z.strictObject({ alerts: count, objects: count }),
  states: count,
  results: count,
  reactions: z.record(z.string(), z.strictObject({ sent: count, calledOff: count, waiting: count, failed: count })),
});

const demoLine = z.object({
  figures,
  received: z.strictObject({ reactions: count, repeated: count }),
  clock: z.strictObject({ runs: count, objects: count, sent: count }),
  night: z.strictObject({ date: z.string(), file: z.string() }).optional(),
  score: z.object({ completeness: share, purity: share, accepted: z.record(z.string(), count) }).optional(),
  best: z.array(z.object({ objectId: z.string(), detections: count, mag: z.number() })),
  seconds: z.record(z.string(), z.number()),
});
type DemoLine = z.output<typeof demoLine>;

/** Servers named in the environment of whoever runs the tests are not what is tested here. */
const env = { AMPEL_TEMPORAL_ADDRESS: '', AMPEL_MONGODB_URI: '', AMPEL_DATABASE: '' };

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ampel-demo-'));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

async function demo(...args: string[]): Promise<DemoLine> {
  const { status, stdout, stderr } = await runAmpel(
    ['demo', '--json', '--report', join(scratch, 'night.html'), ...args],
    { env: { ...env, TMPDIR: scratch } },
  );
  if (status !== 0) throw new Error(`ampel demo ends with status ${status}: ${stderr}`);
  return demoLine.parse(JSON.parse(stdout));
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, one) => total + one, 0);
}

describe('ampel demo on two nights of a small survey', () => {
  let line: DemoLine;

  beforeAll(async () => {
    line = await demo('--nights', '2', '--alerts-per-night', '200');
  });

  it('accounts for every alert: unreadable, rejected for a reason, or accepted', () => {
    const { alerts, unreadable, rejected, accepted, rejectedWhileFollowed } = line.figures;
    expect(alerts).toBeGreaterThan(250);
    expect(unreadable).toBe(0);
    expect(alerts).toBe(sum(Object.values(rejected)) + accepted.alerts);
    expect(rejectedWhileFollowed).toBeLessThanOrEqual(sum(Object.values(rejected)));
  });

  it('has young supernovae to show, each accepted alert with a state and a result of both units', () => {
    const { accepted, states, results } = line.figures;
    expect(accepted.objects).toBeGreaterThan(0);
    expect(states).toBe(accepted.alerts);
    expect(results).toBe(2 * accepted.alerts);
    expect(line.best[0]?.detections).toBeGreaterThanOrEqual(2);
    expect(line.score?.purity.of).toBe(accepted.objects);
    expect(sum(Object.values(line.score?.accepted ?? {}))).toBe(accepted.objects);
  });

  it('sends each reaction to its receiver once: at once for a new candidate, three nights later for a single night', () => {
    const { accepted, reactions } = line.figures;
    const { 'new-candidate': first, 'single-night': later } = reactions;
    expect(first).toEqual({ sent: accepted.objects, calledOff: 0, waiting: 0, failed: 0 });
    expect(sum(Object.values(later ?? {}))).toBe(accepted.objects);
    const { clock } = line;
    const inAll = accepted.objects + (later?.sent ?? 0) + clock.sent;
    expect(line.received).toEqual({ reactions: inAll, repeated: 0 });
  });

  it('runs its rule by the clock after each night, with each object that was accepted in it', () => {
    const { clock } = line;
    expect(clock.runs).toBeGreaterThanOrEqual(2);
    expect(clock.sent).toBeGreaterThan(0);
    expect(clock.objects).toBeGreaterThanOrEqual(line.figures.accepted.objects);
  });

  it('writes the report of its last night as a page that needs nothing else', async () => {
    const { file = '', date } = line.night ?? {};
    const page = await readFile(file, 'utf8');
    expect(page).toContain(`DEMO, night of ${date ?? ''}`);
    expect(page).toContain('after-the-night');
    expect(page).toContain('data:image/svg+xml;base64,');
    expect(page).not.toMatch(/<script|src="http|url\(http|@import/);
  });

  it('leaves nothing behind: no folder of its servers, no nights', async () => {
    expect((await readdir(scratch)).filter((name) => name.startsWith('ampel-'))).toEqual([]);
  });
});

describe('ampel demo on nights of one’s own', () => {
  it('reads the nightly tar at an address on the web, without a truth to score against', async () => {
    const written = await runAmpel([
      'simulate',
      '--nights',
      '1',
      '--seed',
      '3',
      '--alerts-per-night',
      '60',
      '--no-weather',
      '--gzip',
      '--out',
      scratch,
    ]);
    expect(written.status).toBe(0);
    const night = (await readdir(scratch)).find((name) => name.endsWith('.tar.gz')) ?? '';
    const server = createServer((_, response) => createReadStream(join(scratch, night)).pipe(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { figures: found, score } = await demo('--from', `http://127.0.0.1:${port}/${night}`);
      expect(found.alerts).toBeGreaterThan(30);
      expect(found.alerts).toBe(sum(Object.values(found.rejected)) + found.accepted.alerts);
      expect(score).toBeUndefined();
    } finally {
      server.close();
    }
  });

  it('ends with status 4 where the address answers with nothing', async () => {
    const { status, stderr } = await runAmpel(['demo', '--from', 'http://127.0.0.1:9/night.tar.gz'], {
      env: { ...env, TMPDIR: scratch },
    });
    expect(stderr).toContain('http://127.0.0.1:9/night.tar.gz cannot be reached');
    expect(status).toBe(4);
  });

  it('asks for a path before it starts anything', async () => {
    const { status, stderr } = await runAmpel(['demo', '--from', join(scratch, 'nowhere')], { env });
    expect(stderr).not.toContain('starting');
    expect(stderr).toContain('does not exist');
    expect(status).toBe(2);
  });
});
