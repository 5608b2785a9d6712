import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { countProgress, type CountProgress, type CountProgressOptions } from './progress.js';

async function shown(
  options: Partial<CountProgressOptions> & { readonly isTTY: boolean },
  use: (progress: CountProgress) => void,
): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY });
  const progress = countProgress({ of: 'alerts', ...options, stream });
  use(progress);
  progress.end();
  stream.end();
  return text(stream);
}

describe('the progress of a long count', () => {
  it('is a line for ten thousand alerts in a log file', async () => {
    const log = await shown({ isTTY: false, total: 25_000 }, (progress) => {
      for (let count = 0; count <= 25_000; count += 100) progress.update(count);
    });
    expect(log).toBe('10000 of 25000 alerts\n20000 of 25000 alerts\n');
  });

  it('is a bar on a terminal, taken away at the end', async () => {
    const screen = await shown({ isTTY: true, delayMs: 0 }, (progress) => {
      progress.update(512);
    });
    expect(screen).toContain('512 alerts');
    // Back to the first column and clear the line.
    expect(screen.endsWith('\x1b[1G\x1b[2K')).toBe(true);
  });

  it('is nothing on a terminal where the work is done at once', async () => {
    const screen = await shown({ isTTY: true, delayMs: 60_000 }, (progress) => {
      progress.update(15);
    });
    expect(screen).toBe('');
  });

  it('is nothing where it is not wanted', async () => {
    const log = await shown({ isTTY: false, isWanted: false }, (progress) => {
      progress.update(50_000);
    });
    expect(log).toBe('');
  });
});
