import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTruth } from '../streams/simulation/truth.js';
import { simulateCommand } from './simulate.js';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command and answers what it wrote. */
async function run(...words: string[]): Promise<{ out: string; err: string }> {
  const written = { out: '', err: '' };
  const { stdout, stderr } = process;
  const [writeOut, writeErr] = [stdout.write.bind(stdout), stderr.write.bind(stderr)];
  stdout.write = (text: unknown) => ((written.out += String(text)), true);
  stderr.write = (text: unknown) => ((written.err += String(text)), true);
  try {
    await simulateCommand().exitOverride().parseAsync(words, { from: 'user' });
  } finally {
    stdout.write = writeOut;
    stderr.write = writeErr;
  }
  return written;
}

describe('ampel simulate', () => {
  it('writes a tar for each night and the truth about all objects, and tells of each night on stderr', async () => {
    const to = join(folder, 'survey');
    const { out, err } = await run('--nights', '2', '--seed', '1', '--alerts-per-night', '40', '--out', to);
    expect(readdirSync(to).sort()).toEqual(['truth.jsonl', 'ztf_public_20210701.tar', 'ztf_public_20210702.tar']);
    expect(parseTruth(readFileSync(join(to, 'truth.jsonl'), 'utf8')).length).toBeGreaterThan(10);
    expect(out).toBe('');
    expect(err).toMatch(/20210701 {2}\d+ alerts, \d+ new objects {2}.*\.tar\n20210702 /);
  });

  it('prints one JSON object a night with --json and nothing else on stdout', async () => {
    const words = [
      '--nights',
      '1',
      '--seed',
      '1',
      '--alerts-per-night',
      '20',
      '--start',
      '2020-03-05',
      '--json',
      '--gzip',
    ];
    const { out, err } = await run(...words, '--out', join(folder, 'json'));
    const night: unknown = JSON.parse(out);
    expect(night).toMatchObject({
      night: 0,
      date: '20200305',
      file: join(folder, 'json', 'ztf_public_20200305.tar.gz'),
    });
    expect(err).not.toContain('alerts');
  });

  it('says what is wrong with the options, with exit status 2', async () => {
    await expect(run('--nights', 'two', '--seed', '1', '--out', folder)).rejects.toMatchObject({
      message: expect.stringContaining('It must be a whole number.') as string,
    });
    await expect(run('--nights', '0', '--seed', '1', '--out', folder)).rejects.toMatchObject({
      exitCode: 2,
      message: 'nights is 0, expected an integer of at least 1',
    });
  });

  it('says which file it cannot write, with exit status 1', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(run('--nights', '1', '--seed', '1', '--out', file)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(file) as string,
    });
  });
});
