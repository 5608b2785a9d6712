import { PassThrough } from 'node:stream';
import { printLine } from './json-lines.js';

describe('one JSON object a line', () => {
  it('waits for a slow reader: a hundred thousand alerts do not pile up in memory', async () => {
    const output = new PassThrough({ highWaterMark: 64 });
    const lines: string[] = [];
    let most = 0;
    const written = (async () => {
      for (let i = 0; i < 1000; i++) {
        await printLine({ alertId: String(i) }, output);
        most = Math.max(most, output.writableLength + output.readableLength);
      }
      output.end();
    })();
    for await (const chunk of output) lines.push(...String(chunk).trim().split('\n'));
    await written;
    expect(lines).toHaveLength(1000);
    expect(lines.at(-1)).toBe('{"alertId":"999"}');
    expect(most).toBeLessThan(256);
  });

  it('fails where the reader is gone', async () => {
    const output = new PassThrough({ highWaterMark: 1 });
    const printed = printLine({ alertId: '1' }, output);
    output.destroy(new Error('write EPIPE'));
    await expect(printed).rejects.toThrow('write EPIPE');
  });
});
