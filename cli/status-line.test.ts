import { PassThrough } from 'node:stream';
import { statusLine } from './status-line.js';

describe('a status line', () => {
  it('is written over on a terminal, cut where it would wrap, and taken away at its end', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 12 });
    const line = statusLine(stream);
    line.show('july: 1200 alerts');
    line.end();
    expect(String(stream.read())).toBe('\u001b[1G\u001b[2Kjuly: 1200 \u001b[1G\u001b[2K');
  });

  it('is logged now and then elsewhere, and never twice the same', () => {
    const stream = new PassThrough();
    let nowMs = 0;
    const line = statusLine(stream, () => nowMs);
    for (const text of ['1 alert', '2 alerts', '3 alerts', '3 alerts', '3 alerts']) {
      line.show(text);
      nowMs += 6_000;
    }
    line.end();
    expect(String(stream.read())).toBe('1 alert\n3 alerts\n');
  });
});
