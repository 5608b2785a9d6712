import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { ztfContainer } from '../../test/ztf-packet.js';
import { isBad } from '../packet.js';
import { ztf } from '../ztf/survey.js';
import { readArchive } from './archive.js';

const MEGABYTE = 1024 * 1024;
const ALERT = ztfContainer({ objectId: 'ZTF18aaaaaaa' });
/** 64 MB of zeros in 64 kB; several of them glued together are one gzip. */
const ZEROS = gzipSync(Buffer.alloc(64 * MEGABYTE));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-hostile-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  /** `<place>: <object, or what is wrong>` of each packet, places relative to the folder. */
  readonly told: readonly string[];
  readonly ms: number;
  /** How much the process grew while it read. */
  readonly bytes: number;
}

async function write(name: string, bytes: Buffer): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

async function read(path: string): Promise<Outcome> {
  const before = process.memoryUsage().rss;
  const startMs = performance.now();
  const told: string[] = [];
  let bytes = 0;
  const watch = setInterval(() => {
    bytes = Math.max(bytes, process.memoryUsage().rss - before);
  }, 10);
  for await (const packet of readArchive([path])) {
    const what = isBad(packet) ? packet.problem.message : ztf.readAlert(packet).objectId;
    told.push(`${packet.place.replace(`${folder}/`, '')}: ${what}`);
  }
  clearInterval(watch);
  return { told, ms: performance.now() - startMs, bytes };
}

type Entry = Readonly<Parameters<ReturnType<typeof pack>['entry']>[0]>;

async function tarOf(...entries: readonly (readonly [Entry, Buffer?])[]): Promise<Buffer> {
  const tar = pack();
  for (const [header, bytes] of entries) tar.entry(header, bytes ?? '');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The header of an entry, whatever size it claims. */
async function headerOf(name: string, size: Buffer, type = '0'): Promise<Buffer> {
  const header = Buffer.from((await tarOf([{ name }])).subarray(0, 512));
  size.copy(header, 124);
  header.write(type, 156);
  header.fill(' ', 148, 156);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8)} `, 148);
  return header;
}

const octal = (size: number): Buffer => Buffer.from(`${size.toString(8).padStart(11, '0')} `);

describe('a decompression bomb', () => {
  it('of one entry with 512 MB in half a megabyte of tar.gz is passed over in little memory, and the alert behind it read', async () => {
    const header = gzipSync(await headerOf('bomb.avro', octal(512 * MEGABYTE)));
    const parts = [
      header,
      ...Array.from({ length: 8 }, () => ZEROS),
      gzipSync(await tarOf([{ name: 'a.avro' }, ALERT])),
    ];
    const { told, bytes } = await read(await write('night.tar.gz', Buffer.concat(parts)));
    expect(told).toEqual([
      'night.tar.gz/bomb.avro: larger than 268435456 bytes, which no container of alerts is',
      'night.tar.gz/a.avro: ZTF18aaaaaaa',
    ]);
    expect(bytes).toBeLessThan(300 * MEGABYTE);
  });

  it('of entries that are no alerts is passed over, whatever their number', async () => {
    const size = 64 * MEGABYTE;
    const member = [gzipSync(await headerOf('image.fits', octal(size))), ZEROS];
    const parts = [...Array.from({ length: 5 }, () => member).flat(), gzipSync(await tarOf([{ name: 'a' }, ALERT]))];
    const { told, bytes } = await read(await write('night.tar.gz', Buffer.concat(parts)));
    expect(told).toEqual(['night.tar.gz/a: ZTF18aaaaaaa']);
    expect(bytes).toBeLessThan(300 * MEGABYTE);
  });

  it('of a single file with 2 GB is given up at 256 MB', async () => {
    const path = await write('alert.avro.gz', Buffer.concat(Array.from({ length: 32 }, () => ZEROS)));
    const { told, bytes } = await read(path);
    expect(told).toEqual(['alert.avro.gz: larger than 268435456 bytes, which no container of alerts is']);
    expect(bytes).toBeLessThan(600 * MEGABYTE);
  });

  it('that is a gzip in a gzip in a gzip is no alert: only the outermost is opened', async () => {
    const path = await write('alert.avro.gz', gzipSync(gzipSync(ZEROS)));
    const { told, bytes } = await read(path);
    expect(told).toEqual([expect.stringMatching(/^alert\.avro\.gz: not an Avro container: starts with 1f8b/)]);
    expect(bytes).toBeLessThan(100 * MEGABYTE);
  });
});

describe('a tar that claims what it has not', () => {
  const sizes: [string, Buffer, string][] = [
    ['8 GB', octal(8 * 1024 * MEGABYTE - 1), 'larger than 268435456 bytes, which no container of alerts is'],
    [
      '8 EB, in binary',
      Buffer.from('800000007fffffffffffffff', 'hex'),
      'the tar is damaged or ends too early: a header claims more bytes than can be counted',
    ],
    [
      'less than nothing',
      Buffer.from('ffffffffffffffffffffff00', 'hex'),
      'the tar is damaged or ends too early: a header has no number where one must be',
    ],
    ['100 MB', octal(100 * MEGABYTE), 'the tar is damaged or ends too early: its last entry is not whole'],
  ];

  it.each(sizes)(
    'in the size of an entry (%s) is told of once, and keeps what came before',
    async (_, size, message) => {
      const whole = await tarOf([{ name: 'a.avro' }, ALERT]);
      const tar = Buffer.concat([whole.subarray(0, -1024), await headerOf('huge.avro', size), ALERT]);
      const { told, bytes } = await read(await write('night.tar', tar));
      expect(told).toEqual([
        'night.tar/a.avro: ZTF18aaaaaaa',
        expect.stringMatching(RegExp(`^night.tar.*: ${message}$`)),
      ]);
      expect(bytes).toBeLessThan(50 * MEGABYTE);
    },
  );

  it.each(['x', 'g', 'L', 'K'])('in the size of its attributes (type %s) is not given room', async (type) => {
    const tar = Buffer.concat([await headerOf('attributes', octal(4096 * MEGABYTE), type), Buffer.alloc(MEGABYTE)]);
    const { told, bytes } = await read(await write('night.tar', tar));
    expect(told).toEqual([
      'night.tar: the tar is damaged or ends too early: a header claims attributes of 4294967296 bytes',
    ]);
    expect(bytes).toBeLessThan(50 * MEGABYTE);
  });

  it('in attributes whose lengths are zeros and digits without end takes no time', async () => {
    const attributes = Buffer.from('0'.repeat(MEGABYTE - 10));
    const tar = Buffer.concat([
      await headerOf('attributes', octal(attributes.length), 'x'),
      attributes,
      Buffer.alloc(10),
    ]);
    const { told, ms } = await read(await write('night.tar', tar));
    expect(told).toEqual(['night.tar: the tar is damaged or ends too early: the attributes of a file are damaged']);
    expect(ms).toBeLessThan(1_000);
  });
});

describe('the names in a tar', () => {
  it('are labels: a path out of the folder, an absolute one or a link writes nothing and opens nothing', async () => {
    await write('secret.avro', ALERT);
    const tar = await tarOf(
      [{ name: '../../../etc/alert.avro' }, ALERT],
      [{ name: '/etc/passwd.avro' }, ALERT],
      [{ name: 'link.avro', type: 'symlink', linkname: join(folder, 'secret.avro') }],
      [{ name: 'hard.avro', type: 'link', linkname: '../secret.avro' }],
      [{ name: 'pipe.avro', type: 'fifo' }],
    );
    const { told } = await read(await write('night.tar', tar));
    expect(told).toEqual([
      'night.tar/../../../etc/alert.avro: ZTF18aaaaaaa',
      'night.tar//etc/passwd.avro: ZTF18aaaaaaa',
    ]);
    expect((await readdir(folder)).sort()).toEqual(['night.tar', 'secret.avro']);
  });

  it('may be long, and are cut where no path is longer', async () => {
    const tar = await tarOf([{ name: `${'deep/'.repeat(50)}a.avro` }, ALERT], [{ name: 'n'.repeat(20_000) }, ALERT]);
    const { told } = await read(await write('night.tar', tar));
    expect(told[0]).toBe(`night.tar/${'deep/'.repeat(50)}a.avro: ZTF18aaaaaaa`);
    expect(told[1]).toBe(`night.tar/${'n'.repeat(1024)}: ZTF18aaaaaaa`);
  });

  it('may be thousands of folders in each other, with tars inside, which are not opened', async () => {
    const inner = await tarOf([{ name: 'inside.avro' }, ALERT]);
    const folders = Array.from({ length: 5_000 }, (_, i): [Entry] => [
      { name: `${'d/'.repeat(i % 90)}${i}/`, type: 'directory' },
    ]);
    const tar = await tarOf(...folders, [{ name: 'inner.tar' }, inner], [{ name: 'a.avro' }, ALERT]);
    const { told, ms } = await read(await write('night.tar', tar));
    expect(told).toEqual(['night.tar/a.avro: ZTF18aaaaaaa']);
    expect(ms).toBeLessThan(10_000);
  });
});

describe('tars with damaged bytes', () => {
  it('give alerts and damage, and never more, 1500 of them', async () => {
    const whole = await tarOf(
      [{ name: 'a.avro' }, ALERT],
      [{ name: 'n'.repeat(300) }, ALERT],
      [{ name: 'folder', type: 'directory' }],
      [{ name: 'b.avro' }, ALERT],
    );
    const at = fc.nat({ max: whole.length - 1 });
    const change = fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 12 }));
    const cut = fc.oneof(fc.constant(whole.length), at);
    const path = join(folder, 'night.tar');
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 3 }), cut, fc.boolean(), async (changes, length, isZipped) => {
        const tar = Buffer.from(whole);
        for (const [start, bytes] of changes) tar.set(bytes.subarray(0, tar.length - start), start);
        await writeFile(path, isZipped ? gzipSync(tar).subarray(0, length) : tar.subarray(0, length));
        const startMs = performance.now();
        const found: string[] = [];
        for await (const packet of readArchive([path])) found.push(isBad(packet) ? packet.problem.kind : 'packet');
        expect(found.length).toBeLessThan(6);
        expect(performance.now() - startMs).toBeLessThan(2_000);
      }),
      { numRuns: 1_500, seed: 20_211_104 },
    );
  });
});
