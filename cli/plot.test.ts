import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pngPixels } from '../test/png-pixels.js';
import { describeWithData, sharedData } from '../test/shared-data.js';
import { CANDIDATE, EARLIER, LIMIT, OBJECT, ztfContainer } from '../test/ztf-packet.js';
import { plotCommand } from './plot.js';

const folder = mkdtempSync(join(tmpdir(), 'plot-'));
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
    await plotCommand().exitOverride().parseAsync(words, { from: 'user' });
  } finally {
    stdout.write = writeOut;
    stderr.write = writeErr;
  }
  return written;
}

function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const JD = Number(CANDIDATE['jd']);
const FIRST = file('first.avro', ztfContainer({ history: [EARLIER, LIMIT] }));
const LATER = file(
  'later.avro',
  ztfContainer({ candid: '676285273115015035', candidate: { jd: JD + 3, isdiffpos: 'f' }, history: [EARLIER] }),
);
const OTHER = file(
  'other.avro',
  ztfContainer({ objectId: 'ZTF18aaaaaaa', candid: '676285273115015036', candidate: { jd: JD + 4 } }),
);

describe('ampel plot', () => {
  it('draws the light curve of an object from its packets, each point once', async () => {
    const to = join(folder, 'curve.svg');
    const { out } = await run(FIRST, LATER, '-o', to, '--json');
    expect(JSON.parse(out)).toMatchObject({
      ...{ object: OBJECT, file: to, format: 'svg', width: expect.any(Number) as number },
      points: { detections: 2, negative: 1, forced: 0, upperLimits: 1, notShown: 0 },
    });
    expect(readFileSync(to, 'utf8')).toMatch(/^<svg [^]*>ZTF18abxhyqv<[^]*<\/svg>$/);
  });

  it('writes a PNG where the name says so, in the size that it tells', async () => {
    const to = join(folder, 'curve.png');
    const { out } = await run(FIRST, '--out', to, '--json');
    const { width, height } = pngPixels(readFileSync(to));
    expect(JSON.parse(out)).toMatchObject({ format: 'png', width, height });
  });

  it('tells the file, or writes SVG where none is wanted', async () => {
    const to = join(folder, 'told.svg');
    expect((await run(FIRST, '-o', to)).out).toBe(`${to}\n`);
    // Without toBe: it would print both pictures.
    expect((await run(FIRST, '-o', '-')).out === `${readFileSync(to, 'utf8')}\n`).toBe(true);
  });

  it('draws one object of several', async () => {
    const { out } = await run(folder, '--object', 'ZTF18aaaaaaa', '-o', join(folder, 'one.svg'), '--json');
    expect(JSON.parse(out)).toMatchObject({ object: 'ZTF18aaaaaaa', points: { detections: 1 } });
  });

  it.each([
    [['curve.gif'], 'curve.gif ends neither in .svg nor in .png', 'The ending says what is drawn: -o curve.png'],
    [['-', '--json'], 'With -o - the picture is the output', 'Name a file: -o curve.svg'],
    [['x.svg', '--channel', 'C'], '--channel is for stored objects', 'Name the object instead'],
    [['x.svg', '--state', '12'], '--state is for stored objects', 'Name the object instead'],
    [['x.svg', '--object', 'ZTF18abcdefg'], 'There are no alerts of ZTF18abcdefg', `There are those of ${OBJECT}`],
    [['x.svg', '--cutouts'], 'first.avro: science stamp: starts with "SIMPLE", expected', 'Leave --cutouts out'],
  ])('is wrong use with -o %j', async (words, message, hint) => {
    const failure = { exitCode: 2, message: expect.stringContaining(message) as string };
    await expect(run(FIRST, '-o', ...words)).rejects.toMatchObject({
      ...failure,
      hint: expect.stringContaining(hint) as string,
    });
  });

  it('asks which object is meant', async () => {
    const message = `the alerts are of 2 objects: ${OBJECT}, ZTF18aaaaaaa`;
    await expect(run(FIRST, OTHER, '-o', 'x.svg')).rejects.toMatchObject({
      ...{ exitCode: 2, message, hint: `Choose one: --object ${OBJECT}` },
    });
  });

  it('takes what is neither a file nor looks like one for an object, whose stamps are kept for channels', async () => {
    const failure = {
      exitCode: 2,
      message: 'Image stamps of ZTF18abxhyqv are kept for channels, and there is no file of this name',
    };
    await expect(run(OBJECT, '--cutouts', '-o', 'x.svg')).rejects.toMatchObject(failure);
    await expect(run('nonesuch.tar', '-o', 'x.svg')).rejects.toMatchObject({ message: 'nonesuch.tar does not exist' });
  });

  it('draws what it can read, and says what it could not', async () => {
    const to = join(folder, 'half.svg');
    const bad = file('bad.avro', ztfContainer({}).subarray(0, 2000));
    await expect(run(FIRST, bad, '-o', to)).rejects.toMatchObject({
      exitCode: 2,
      message: '1 of 2 inputs could not be read',
    });
    expect(readFileSync(to, 'utf8')).toContain(OBJECT);
    rmSync(bad);
  });

  it('says where it cannot write', async () => {
    const failure = { exitCode: 1, hint: 'Choose another file with -o.' };
    await expect(run(FIRST, '-o', join(folder, 'nonesuch', 'x.svg'))).rejects.toMatchObject(failure);
  });
});

describeWithData('ampel plot of real alerts', () => {
  it('draws a supernova with its stamps, the newest ones', async () => {
    const series = join(sharedData, 'ztf/series/ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz');
    const to = join(folder, 'supernova.svg');
    const { out } = await run(series, '--cutouts', '-o', to, '--json');
    expect(JSON.parse(out)).toMatchObject({
      ...{ object: 'ZTF21abiuvdk', points: { detections: 34, upperLimits: 16 }, stampsOf: '1707409520815015012' },
    });
    expect(readFileSync(to, 'utf8').match(/<image /g)).toHaveLength(3);
  });

  it('draws a point that was processed again as it is now', async () => {
    const series = join(sharedData, 'ztf/series/ZTF18acruwxq_superseded_3alerts.tar.gz');
    const { out } = await run(series, '-o', join(folder, 'superseded.svg'), '--json');
    // Of 18 detections 7 were processed again.
    expect(JSON.parse(out)).toMatchObject({ object: 'ZTF18acruwxq', points: { detections: 9, negative: 2 } });
  });
});
