import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { ztfContainer } from '../../test/ztf-packet.js';
import { isBad } from '../packet.js';
import { ztf } from '../ztf/survey.js';
import { readArchive } from './archive.js';
import { archiveEntries } from './archive-entries.js';
import { download } from './download.js';
import { SourceFailure } from './source-failure.js';

const NAMES = ['ZTF18aaaaaaa', 'ZTF18aaaaaab', 'ZTF18aaaaaac'];
const ALERT = ztfContainer({ objectId: 'ZTF18aaaaaaa' });

let server: Server;
let address: string;
/** What is served at which path. */
const pages = new Map<string, (answer: ServerResponse) => unknown>();

beforeAll(async () => {
  server = createServer((request, answer) => {
    const page = pages.get(request.url ?? '');
    if (page !== undefined) page(answer);
    else answer.writeHead(404).end('<html>Not Found</html>');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function serve(path: string, page: (answer: ServerResponse) => unknown): string {
  pages.set(path, page);
  return address + path;
}

async function nightTar(): Promise<Buffer> {
  const tar = pack();
  for (const name of NAMES) tar.entry({ name: `${name}.avro` }, ztfContainer({ objectId: name }));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** `<object, or kind of problem>` of each packet until the reading ends, and why it ended before its time. */
async function read(path: string): Promise<{ told: string[]; error?: unknown }> {
  const told: string[] = [];
  try {
    for await (const packet of readArchive([path])) {
      told.push(isBad(packet) ? packet.problem.kind : ztf.readAlert(packet).objectId);
    }
  } catch (error) {
    return { told, error };
  }
  return { told };
}

describe('alerts at an address', () => {
  it('may be an alert, a tar, or either compressed, whatever the server says that they are', async () => {
    const tar = await nightTar();
    const types = ['application/x-tar', 'application/gzip', 'text/html'];
    for (const [i, [body, objects]] of (
      [
        [ALERT, NAMES.slice(0, 1)],
        [gzipSync(ALERT), NAMES.slice(0, 1)],
        [tar, NAMES],
        [gzipSync(tar), NAMES],
      ] as const
    ).entries()) {
      const page = serve(`/${i}`, (answer) => answer.setHeader('content-type', types[i % 3] ?? '').end(body));
      expect(await read(page)).toEqual({ told: objects });
    }
  });

  it('may be compressed for the way, elsewhere by now, and slow', async () => {
    const tar = await nightTar();
    const packed = serve('/packed', (answer) => answer.setHeader('content-encoding', 'gzip').end(gzipSync(tar)));
    expect(await read(packed)).toEqual({ told: NAMES });
    const moved = serve('/moved', (answer) => answer.writeHead(302, { location: '/packed' }).end());
    expect(await read(moved)).toEqual({ told: NAMES });
    const slow = serve('/slow', async (answer) => {
      for (let start = 0; start < tar.length; start += 4_000) {
        answer.write(tar.subarray(start, start + 4_000));
        await sleep(20);
      }
      answer.end();
    });
    expect(await read(slow)).toEqual({ told: NAMES });
  });

  it('that is not there is an error with the answer, and no position is passed', async () => {
    expect(await read(`${address}/nothing.tar`)).toEqual({
      told: [],
      error: new Error(`${address}/nothing.tar cannot be read: it answers 404 Not Found`),
    });
    const { error } = await read('http://127.0.0.1:9/night.tar');
    expect(String(error)).toMatch(/^Error: http:\/\/127\.0\.0\.1:9\/night\.tar cannot be read: .*/);
  });

  it.each(['tar', 'tar.gz'])(
    'that breaks off in the middle keeps the alerts before, and the rest comes with the next attempt (%s)',
    async (kind) => {
      const tar = await nightTar();
      const whole = kind === 'tar' ? tar : gzipSync(tar, { level: 0 });
      const sent = Math.floor(whole.length * 0.6);
      const page = serve(`/half.${kind}`, async (answer) => {
        answer.writeHead(200, { 'content-length': whole.length }).write(whole.subarray(0, sent));
        await sleep(50);
        answer.destroy();
      });
      const { told, error } = await read(page);
      expect(told).toEqual(NAMES.slice(0, 2));
      expect(error).toBeInstanceOf(SourceFailure);
      expect(String(error)).toMatch(RegExp(`^SourceFailure: ${page} breaks off after ${sent} bytes: terminated: `));
      serve(`/half.${kind}`, (answer) => answer.end(whole));
      expect(await read(page)).toEqual({ told: NAMES });
    },
  );

  it('that ends early with the consent of its server is a damaged tar, told once', async () => {
    const tar = await nightTar();
    const page = serve('/cut.tar', (answer) => answer.end(tar.subarray(0, Math.floor(tar.length / 2))));
    expect(await read(page)).toEqual({ told: ['ZTF18aaaaaaa', 'corrupt'] });
  });

  it('that answers with a page of errors is no alert', async () => {
    const page = serve('/night.avro', (answer) => answer.end('<html>503 Service Unavailable</html>'));
    expect(await read(page)).toEqual({ told: ['not-avro'] });
  });

  it('that sends nothing more is given up after a while, with what came before', async () => {
    const silent = serve('/silent', () => undefined);
    await expect(download(silent, 200)).rejects.toThrow(`${silent} cannot be read: nothing has come for 0.2 s`);
    const stalled = serve('/stalled', (answer) => answer.write(ALERT));
    let length = 0;
    const readAll = async (): Promise<void> => {
      for await (const chunk of await download(stalled, 200)) length += (chunk as Uint8Array).length;
    };
    await expect(readAll()).rejects.toThrow('nothing has come for 0.2 s');
    expect(length).toBe(ALERT.length);
  });

  it('is not given up while it is the reader who takes its time', async () => {
    const page = serve('/patient', (answer) => answer.end(Buffer.alloc(1e6)));
    let length = 0;
    for await (const chunk of await download(page, 150)) {
      if (length === 0) await sleep(400);
      length += (chunk as Uint8Array).length;
    }
    expect(length).toBe(1e6);
  });

  it('is fetched no faster than it is read, and let go when nobody wants more', async () => {
    const tar = (await nightTar()).subarray(0, -1024);
    let sent = 0;
    const nights = function* (): Generator<Buffer> {
      for (;;) {
        sent += tar.length;
        yield tar;
      }
    };
    const endless = `${address}/endless.tar`;
    const closed = new Promise<void>((resolve) => {
      serve('/endless.tar', (answer) => {
        Readable.from(nights(), { objectMode: false }).pipe(answer.on('close', resolve));
      });
    });
    for await (const [entry] of archiveEntries([endless], () => true)) {
      expect(entry?.name).toBe(`${endless}/ZTF18aaaaaaa.avro`);
      await sleep(300);
      break;
    }
    await closed;
    // What the buffers of the two sides and of the system between them hold.
    expect(sent).toBeLessThan(32e6);
  });
});
