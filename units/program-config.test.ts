import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProgramConfig } from './program-config.js';
import { SetupProblem } from './setup-problem.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-config-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function problemOf(text: string): Promise<string> {
  await writeFile(join(folder, 'ampel.config.yaml'), text);
  const error: unknown = await readProgramConfig({}, folder).catch((error: unknown) => error);
  if (error instanceof SetupProblem) return error.message;
  throw new Error('the configuration was taken');
}

describe('the configuration', () => {
  it('is that of the working directory, and names folders and packages with the place of each', async () => {
    await writeFile(join(folder, 'ampel.config.yaml'), '# ours\nunits:\n  - ./my-units\n  - "@desy/ampel-units"\n');
    expect(await readProgramConfig({}, folder)).toEqual({
      file: 'ampel.config.yaml',
      folder,
      units: [
        { entry: './my-units', place: 'ampel.config.yaml:3:5' },
        { entry: '@desy/ampel-units', place: 'ampel.config.yaml:4:5' },
      ],
    });
  });

  it('is the file that AMPEL_CONFIG names, whose folder its relative paths start from', async () => {
    await mkdir(join(folder, 'nova'));
    await writeFile(join(folder, 'nova/novae.yaml'), 'units: [.]\n');
    expect(await readProgramConfig({ AMPEL_CONFIG: 'nova/novae.yaml' }, folder)).toEqual({
      file: 'nova/novae.yaml',
      folder: join(folder, 'nova'),
      units: [{ entry: '.', place: 'nova/novae.yaml:1:9' }],
    });
  });

  it('need not be there, and may be empty', async () => {
    expect(await readProgramConfig({}, folder)).toEqual({ folder, units: [] });
    await writeFile(join(folder, 'ampel.config.yaml'), '# nothing yet\n');
    expect(await readProgramConfig({ AMPEL_CONFIG: '' }, folder)).toMatchObject({ units: [] });
  });

  it('has to be there where AMPEL_CONFIG names it', async () => {
    await expect(readProgramConfig({ AMPEL_CONFIG: 'novae.yaml' }, folder)).rejects.toThrow(
      new SetupProblem('novae.yaml, which AMPEL_CONFIG names, cannot be read: there is no such file'),
    );
    await expect(readProgramConfig({ AMPEL_CONFIG: folder }, folder)).rejects.toThrow('it is a folder');
  });

  it.each([
    ['unts: [./a]', 'ampel.config.yaml:1:1: unts: unknown key; did you mean "units"?'],
    ['units: [./a]\nsecret: x', 'ampel.config.yaml:2:1: secret: unknown key; known: units'],
    ['units: ./a', 'ampel.config.yaml:1:1: units: found "./a", expected a list of folders and packages'],
    ['units:', 'ampel.config.yaml:1:1: units: found nothing, expected a list of folders and packages'],
    ['[./a]', 'ampel.config.yaml:1:1: found a list, expected "units: […]"'],
    ['units:\n  - ./a\n  - 3', 'ampel.config.yaml:3:5: units[1]: found 3, expected a folder such as ./my-units or'],
    [
      'units: [my/units]',
      'ampel.config.yaml:1:9: units[0]: found "my/units", expected a folder, which begins with ./,',
    ],
    ['units: [./a, b, ./a]', 'ampel.config.yaml:1:1: units: found "./a" twice, expected each once'],
    ['units: [./a\nmore: 1', 'ampel.config.yaml:2:1: not YAML: '],
  ])('is refused with place, what was found and what was expected: %j', async (text, message) => {
    expect(await problemOf(text)).toContain(message);
  });

  it('tells all its mistakes at once', async () => {
    expect((await problemOf('unit: []\nunits: [3, null]\n')).split('\n')).toHaveLength(3);
  });
});
