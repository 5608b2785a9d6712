import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { liveLine, type LiveLine } from './live-line.js';

async function shown(terminal: { isTTY: boolean; columns?: number }, use: (line: LiveLine) => void): Promise<string> {
  const stream = Object.assign(new PassThrough(), terminal);
  use(liveLine(stream));
  stream.end();
  return text(stream);
}

function night(line: LiveLine): void {
  line.update('720 of 1991 alerts');
  line.update('1500 of 1991 alerts');
  line.keep('1991 alerts');
  line.update('12 of 1851 alerts');
  line.end();
  line.update('too late');
}

describe('the line of a night on its way', () => {
  it('is written over on a terminal, and what is kept of a night stays', async () => {
    const again = '\x1b[1G\x1b[2K';
    expect(await shown({ isTTY: true, columns: 80 }, night)).toBe(
      `${again}720 of 1991 alerts${again}1500 of 1991 alerts${again}1991 alerts\n${again}12 of 1851 alerts\n`,
    );
  });

  it('is one line a night in a log file', async () => {
    expect(await shown({ isTTY: false }, night)).toBe('1991 alerts\n');
  });

  it('is cut where a narrow terminal ends', async () => {
    const screen = await shown({ isTTY: true, columns: 10 }, (line) => {
      line.update('720 of 1991 alerts');
    });
    expect(screen).toContain('720 of 19');
    expect(screen).not.toContain('720 of 199');
  });
});
