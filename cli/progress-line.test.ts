import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { progressLine, type ProgressLine } from './progress-line.js';

async function shown(isTTY: boolean, use: (line: ProgressLine) => void): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  use(progressLine(stream));
  stream.end();
  return text(stream);
}

describe('the progress of a download', () => {
  it('is one line a step in a log file', async () => {
    const log = await shown(false, ({ report, end }) => {
      report({ message: 'fetching MongoDB' });
      report({ message: 'downloading', receivedBytes: 1e6, totalBytes: 42e6 });
      report({ message: 'downloading', receivedBytes: 2e6, totalBytes: 42e6 });
      end();
    });
    expect(log).toBe('fetching MongoDB\ndownloading\n');
  });

  it('is written over in place on a terminal, with what was received of the whole', async () => {
    const screen = await shown(true, ({ report, end }) => {
      report({ message: 'fetching MongoDB' });
      report({ message: 'downloading', receivedBytes: 12e6, totalBytes: 42e6 });
      end();
    });
    expect(screen).toBe('\x1b[1G\x1b[2Kfetching MongoDB\n\x1b[1G\x1b[2Kdownloading 12 of 42 MB\n');
  });
});
