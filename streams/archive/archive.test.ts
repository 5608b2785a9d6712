import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { containerOf } from '../../test/avro-container.js';
import { ztfContainer, ztfRecord, ztfSchema } from '../../test/ztf-packet.js';
import { isBad, type BadPacket, type Packet } from '../packet.js';
import { ztf } from '../ztf/survey.js';
import { readArchive } from './archive.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-archive-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const NAMES = ['ZTF18aaaaaaa', 'ZTF18aaaaaab', 'ZTF18aaaaaac', 'ZTF18aaaaaad'];
const alertOf = (objectId: string): Buffer => ztfContainer({ objectId });
/** Four alerts of ZTF in one container. */
const FOUR = containerOf(
  ztfSchema(),
  NAMES.map((objectId) => ztfRecord({ objectId })),
);

async function write(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

async function tarOf(entries: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(entries)) archive.entry({ name }, bytes);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function read(paths: readonly string[], fromOffset?: number): Promise<(Packet | BadPacket)[]> {
  const packets: (Packet | BadPacket)[] = [];
  for await (const packet of readArchive(paths, fromOffset)) packets.push(packet);
  return packets;
}

/** `<place>: <object or kind of problem>` of each packet, places relative to the folder. */
async function told(...paths: string[]): Promise<string[]> {
  return (await read(paths)).map(toldOf);
}

function toldOf(packet: Packet | BadPacket): string {
  const what = isBad(packet) ? packet.problem.kind : ztf.readAlert(packet).objectId;
  return `${packet.place.replace(`${folder}/`, '')}: ${what}`;
}

describe('an archive', () => {
  it('can be one file, whatever its name', async () => {
    expect(await told(await write('alert', alertOf('ZTF18aaaaaaa')))).toEqual(['alert: ZTF18aaaaaaa']);
  });

  it('can be a file with several alerts: each has a place of its own', async () => {
    expect(await told(await write('four.avro', FOUR))).toEqual([
      'four.avro: ZTF18aaaaaaa',
      'four.avro#1: ZTF18aaaaaab',
      'four.avro#2: ZTF18aaaaaac',
      'four.avro#3: ZTF18aaaaaad',
    ]);
  });

  it('can be a folder, read with all below it in order of paths, so that positions mean the same every time', async () => {
    await write('night/2.avro', alertOf('ZTF18aaaaaab'));
    await write('night/10.avro', alertOf('ZTF18aaaaaaa'));
    await write('night/deep/er/1.avro', alertOf('ZTF18aaaaaac'));
    await write('a-night.tar', await tarOf({ '1.avro': alertOf('ZTF18aaaaaad') }));
    expect(await told(folder)).toEqual([
      'a-night.tar/1.avro: ZTF18aaaaaad',
      'night/10.avro: ZTF18aaaaaaa',
      'night/2.avro: ZTF18aaaaaab',
      'night/deep/er/1.avro: ZTF18aaaaaac',
    ]);
  });

  it('can be a folder of links to alerts that lie elsewhere', async () => {
    const path = await write('elsewhere/alert.avro', alertOf('ZTF18aaaaaaa'));
    await mkdir(join(folder, 'links'));
    await symlink(path, join(folder, 'links', 'one.avro'));
    expect(await told(join(folder, 'links'))).toEqual(['links/one.avro: ZTF18aaaaaaa']);
  });

  it.each(['tar', 'tar.gz'])('can be a %s, read in the order of its entries', async (kind) => {
    const tar = await tarOf({
      'z.avro': alertOf('ZTF18aaaaaaa'),
      'a.avro': alertOf('ZTF18aaaaaab'),
      'four.avro': containerOf(ztfSchema(), [ztfRecord({ objectId: 'ZTF18aaaaaac' }), ztfRecord({})]),
    });
    const path = await write('night.bin', kind === 'tar' ? tar : gzipSync(tar));
    expect(await told(path)).toEqual([
      'night.bin/z.avro: ZTF18aaaaaaa',
      'night.bin/a.avro: ZTF18aaaaaab',
      'night.bin/four.avro: ZTF18aaaaaac',
      'night.bin/four.avro#1: ZTF18abxhyqv',
    ]);
  });

  it('can be a single alert, compressed with gzip', async () => {
    await write('alert.avro.gz', gzipSync(alertOf('ZTF18aaaaaaa')));
    expect(await told(join(folder, 'alert.avro.gz'))).toEqual(['alert.avro.gz: ZTF18aaaaaaa']);
    expect(await told(folder)).toEqual(['alert.avro.gz: ZTF18aaaaaaa']);
  });

  it('can be several of these, in the order they are named', async () => {
    const one = await write('1.avro', alertOf('ZTF18aaaaaaa'));
    const two = await write('2.avro', alertOf('ZTF18aaaaaab'));
    const packets = await read([two, one, two]);
    expect(packets.map(({ offset, place }) => [offset, place])).toEqual([
      [0, two],
      [1, one],
      [2, two],
    ]);
  });

  it('may hold what is no alert: logs, plots, folders, links in a tar', async () => {
    await write('README.md', Buffer.from('# Night of 2018-11-04'));
    await write('plots.gz', gzipSync(Buffer.from('no alert')));
    await write('log', Buffer.alloc(0));
    const tar = pack();
    tar.entry({ name: 'night', type: 'directory' });
    tar.entry({ name: 'night/README' }, 'Night of 2018-11-04');
    tar.entry({ name: 'night/latest.avro', type: 'symlink', linkname: 'alert.avro' });
    tar.entry({ name: 'night/alert' }, alertOf('ZTF18aaaaaaa'));
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    await write('night.tar', Buffer.concat(chunks));
    expect(await told(folder)).toEqual(['night.tar/night/alert: ZTF18aaaaaaa']);
  });

  it('gives the same tail from any position as from the start, also where something is damaged', async () => {
    await write('1.avro', FOUR);
    await write('2.avro', FOUR.subarray(0, -5));
    await write('3.tar.gz', gzipSync(await tarOf({ 'a.avro': Buffer.from('no alert'), 'b.avro': FOUR })));
    const all = await read([folder]);
    expect(all.map(({ offset }) => offset)).toEqual(Array.from({ length: 13 }, (_, i) => i));
    for (let from = 0; from <= all.length; from++) {
      const tail = await read([folder], from);
      expect(tail.map(({ offset }) => offset)).toEqual(all.slice(from).map(({ offset }) => offset));
      expect(tail.map(toldOf)).toEqual(all.slice(from).map(toldOf));
    }
  });
});

describe('a damaged archive', () => {
  it.each([
    ['no bytes', Buffer.alloc(0), 'truncated'],
    ['a text', Buffer.from('jd,mag\n2458426.75,18.5\n'), 'not-avro'],
    ['an empty container', containerOf(ztfSchema(), []), 'empty'],
    ['half an alert', alertOf('ZTF18aaaaaaa').subarray(0, 3000), 'truncated'],
    ['the start of a gzip', gzipSync(alertOf('ZTF18aaaaaaa')).subarray(0, 15), 'corrupt'],
    ['half a gzip', gzipSync(alertOf('ZTF18aaaaaaa')).subarray(0, 400), 'corrupt'],
    ['a gzip of nothing', gzipSync(Buffer.alloc(0)), 'truncated'],
    ['a gzip of a text', gzipSync(Buffer.from('jd,mag')), 'not-avro'],
  ])('that is %s is one bad packet, and what comes after it is read', async (_, bytes, kind) => {
    await write('1.avro', bytes);
    await write('2.avro', alertOf('ZTF18aaaaaab'));
    expect(await told(folder)).toEqual([`1.avro: ${kind}`, '2.avro: ZTF18aaaaaab']);
    expect(await told(join(folder, '1.avro'))).toEqual([`1.avro: ${kind}`]);
  });

  it('keeps the alerts before the place where its tar breaks off, wherever that is', async () => {
    const tar = await tarOf(Object.fromEntries(NAMES.map((name) => [`${name}.avro`, alertOf(name)])));
    const size = (tar.length - 1024) / NAMES.length;
    for (const cut of [300, 512, 513, 2000, size - 1, size, size + 1, size + 512, 3 * size - 700, tar.length - 1025]) {
      const path = await write('night.tar', tar.subarray(0, cut));
      const found = await told(path);
      const isBetween = cut % size === 0;
      const isPadding = cut % size > size - 300;
      const whole = Math.floor(cut / size) + (isPadding ? 1 : 0);
      expect(found.slice(0, whole)).toEqual(NAMES.slice(0, whole).map((name) => `night.tar/${name}.avro: ${name}`));
      expect(found.slice(whole)).toEqual(isBetween ? [] : [expect.stringMatching(/^night\.tar.*: corrupt$/)]);
    }
  });

  it('keeps the alerts before the place where its gzip breaks off', async () => {
    const zipped = gzipSync(await tarOf(Object.fromEntries(NAMES.map((name) => [`${name}.avro`, alertOf(name)]))));
    for (let cut = 20; cut < zipped.length; cut += 100) {
      const path = await write('night.tar.gz', zipped.subarray(0, cut));
      const found = await told(path);
      expect(found.pop()).toMatch(/^night\.tar\.gz.*: (corrupt|truncated)$/);
      expect(found).toEqual(NAMES.slice(0, found.length).map((name) => `night.tar.gz/${name}.avro: ${name}`));
    }
  });

  it('with a damaged checksum in a tar goes no further, and says so', async () => {
    const tar = await tarOf({ 'a.avro': alertOf('ZTF18aaaaaaa'), 'b.avro': alertOf('ZTF18aaaaaab') });
    const second = tar.indexOf('b.avro');
    tar.writeUInt8(tar.readUInt8(second + 150) ^ 1, second + 150);
    const path = await write('night.tar', tar);
    const packets = await read([path]);
    expect(packets.map(toldOf)).toEqual(['night.tar/a.avro: ZTF18aaaaaaa', 'night.tar: corrupt']);
    const [, bad] = packets;
    expect(bad).toMatchObject({
      problem: {
        message: 'the tar is damaged or ends too early: a header does not have the checksum that it claims',
      },
    });
  });

  it('with an entry of 260 MB goes on behind it', async () => {
    const size = 260 * 1024 * 1024;
    const tar = await tarOf({ 'huge.avro': Buffer.alloc(0) });
    const header = Buffer.from(tar.subarray(0, 512));
    header.write(`${size.toString(8)} `, 124);
    header.fill(' ', 148, 156);
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8)} `, 148);
    const path = await write('night.tar', header);
    // A hole in the file: it takes no room on the disk.
    await truncate(path, 512 + size);
    await writeFile(path, await tarOf({ 'a.avro': alertOf('ZTF18aaaaaaa') }), { flag: 'a' });
    const packets = await read([path]);
    expect(packets.map(toldOf)).toEqual(['night.tar/huge.avro: corrupt', 'night.tar/a.avro: ZTF18aaaaaaa']);
    expect(packets[0]).toMatchObject({
      problem: { message: 'larger than 268435456 bytes, which no container of alerts is' },
    });
  });

  it.each(['night.avro', 'night.tar.gz'])('that is not there is an error with its name (%s)', async (name) => {
    await expect(read([join(folder, name)])).rejects.toThrow(`no such file or directory, stat '${join(folder, name)}'`);
  });

  it('whose files vanish while it is read is an error with the name, so that no position is passed', async () => {
    await write('1.avro', alertOf('ZTF18aaaaaaa'));
    const second = await write('2.avro', alertOf('ZTF18aaaaaab'));
    const packets = readArchive([folder]);
    expect((await packets.next()).value).toMatchObject({ offset: 0 });
    await rm(second);
    await expect(packets.next()).rejects.toThrow(`no such file or directory, open '${second}'`);
  });
});

describe('reading an archive', () => {
  it('can be left in the middle', async () => {
    await write('night.tar.gz', gzipSync(await tarOf({ 'a.avro': FOUR, 'b.avro': FOUR })));
    for await (const { place } of readArchive([folder])) {
      expect(place).toBe(join(folder, 'night.tar.gz/a.avro'));
      break;
    }
    expect(await told(folder)).toHaveLength(8);
  });

  it('takes no more memory for 300 MB than for a few alerts', async () => {
    // Members of a gzip that are glued together give their contents glued together: an entry of 0.1 MB each.
    const alert = containerOf(ztfSchema(), [
      { ...ztfRecord({}), cutoutScience: { fileName: 'science.fits.gz', stampData: Buffer.alloc(98_000) } },
    ]);
    const entry = gzipSync((await tarOf({ 'alert.avro': alert })).subarray(0, -1024));
    const entries = Math.ceil(300e6 / gunzipSync(entry).length);
    const path = await write('night.tar.gz', Buffer.concat(Array.from({ length: entries }, () => entry)));
    const before = process.memoryUsage().rss;
    let most = 0;
    let count = 0;
    for await (const packet of readArchive([path])) {
      expect(isBad(packet)).toBe(false);
      if (++count % 100 === 0) most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(count).toBe(entries);
    expect(most).toBeLessThan(200e6);
  });
});
