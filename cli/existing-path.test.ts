import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireFile, requirePath } from './existing-path.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-paths-'));
  await mkdir(join(folder, 'nights'));
  await writeFile(join(folder, 'nights', '20180601.tar.gz'), '');
});

afterAll(() => rm(folder, { recursive: true }));

describe('a path that a command is given', () => {
  it('may be a file or a folder that is there', async () => {
    expect((await requirePath(join(folder, 'nights'))).isDirectory()).toBe(true);
    await expect(requireFile(join(folder, 'nights', '20180601.tar.gz'))).resolves.toBeUndefined();
  });

  it.each([
    ['a misspelt file', 'nights/20180610.tar.gz', 'Did you mean FOLDER/nights/20180601.tar.gz?'],
    ['a misspelt folder on the way', 'night/20180601.tar.gz', 'Did you mean FOLDER/nights?'],
    ['an entry of an archive', 'nights/20180601.tar.gz/1.avro', 'FOLDER/nights/20180601.tar.gz is a file.'],
    ['a name that nothing is near to', 'nothing-like-it.avro', 'There is nothing of a similar name in FOLDER.'],
  ])('is wrong input with a way out for %s', async (_, path, hint) => {
    const whole = join(folder, path);
    await expect(requirePath(whole)).rejects.toMatchObject({
      message: `${whole} does not exist`,
      exitCode: 2,
      hint: hint.replace('FOLDER', folder),
    });
  });

  it('is no folder where a file is wanted', async () => {
    await expect(requireFile(folder)).rejects.toMatchObject({
      message: `${folder} is a folder, expected a file`,
      exitCode: 2,
    });
  });
});
