import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownFolder } from './own-package.js';
import { SetupProblem } from './setup-problem.js';
import type { UnitModule } from './unit-files.js';
import { packageModules } from './unit-packages.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-units-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(...files: string[]): Promise<void> {
  for (const file of files) await writeText(file, '');
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** What is loaded for one entry: each module exports the name of its file. */
function modulesOf(
  entry: string,
  load: (file: string) => unknown = (file) => ({ file }),
): Promise<readonly UnitModule[]> {
  const config = { folder, units: [{ entry, place: 'ampel.config.yaml:1:9' }] };
  return packageModules(config, async (url) => await load(fileURLToPath(url).slice(folder.length + 1)));
}

async function problemOf(modules: Promise<unknown>): Promise<string> {
  const error: unknown = await modules.catch((error: unknown) => error);
  if (error instanceof SetupProblem) return error.message.replaceAll(folder, '…');
  throw new Error(`no SetupProblem: ${String(error)}`);
}

describe('a folder of units', () => {
  it('holds a unit in each .js and .mjs file, in it or in the folders of the tiers, without tests and tools', async () => {
    await write('my-units/t2-peak.mjs', 'my-units/t2-peak.test.mjs', 'my-units/_shared.js', 'my-units/README.md');
    await write(
      'my-units/eslint.config.js',
      'my-units/lib/sums.js',
      'my-units/t0/bright.js',
      'my-units/t0/bright.d.ts',
    );
    const modules = await modulesOf('./my-units');
    expect(modules).toEqual([
      {
        file: join(folder, 'my-units/t0/bright.js'),
        from: './my-units',
        tier: 't0',
        exports: { file: 'my-units/t0/bright.js' },
      },
      { file: join(folder, 'my-units/t2-peak.mjs'), from: './my-units', exports: { file: 'my-units/t2-peak.mjs' } },
    ]);
  });

  it('is told with its place where it is not there, with the nearest name', async () => {
    await write('my-units/t2-peak.mjs', 'a-file');
    expect(await problemOf(modulesOf('./my-unit'))).toBe(
      'ampel.config.yaml:1:9: there is no folder …/my-unit; did you mean "./my-units"?',
    );
    expect(await problemOf(modulesOf('./a-file'))).toContain('./a-file is a file, expected a folder');
  });

  it('is told to be compiled where it has TypeScript only, and to be empty where it is', async () => {
    await write('my-units/t2-peak.ts', 'none/README.md');
    expect(await problemOf(modulesOf('./my-units'))).toContain('…/my-units/t2-peak.ts is TypeScript: compile it');
    expect(await problemOf(modulesOf('./none'))).toContain('…/none has no units: expected a .js or .mjs file for each');
  });
});

describe('a package of units', () => {
  it('is that of the nearest node_modules, with its version, and its units stand in t0, t2 and t3', async () => {
    await writeText('node_modules/@desy/novae/package.json', '{"name": "@desy/novae", "version": "2.1.0"}');
    await write('node_modules/@desy/novae/index.js', 'node_modules/@desy/novae/t2/t2-nova.js', 'sub/x');
    const modules = await packageModules(
      { folder: join(folder, 'sub'), units: [{ entry: '@desy/novae', place: '' }] },
      () => Promise.resolve({}),
    );
    const file = join(folder, 'node_modules/@desy/novae/t2/t2-nova.js');
    expect(modules).toEqual([{ file, from: '@desy/novae@2.1.0', tier: 't2', exports: {} }]);
  });

  it('may name the folder of its units in its package.json', async () => {
    await writeText('node_modules/novae/package.json', '{"version": "1.0.0", "ampel": {"units": "./dist"}}');
    await write('node_modules/novae/dist/t2-nova.js');
    expect(await modulesOf('novae')).toMatchObject([{ from: 'novae@1.0.0' }]);
    await writeText('node_modules/novae/package.json', '{"version": "1.0.0", "ampel": {"unit": "./dist"}}');
    expect(await problemOf(modulesOf('novae'))).toContain('expected a manifest whose "ampel", if there, is {"units"');
  });

  it('is told where it is not there: perhaps it is a folder, perhaps it is not installed', async () => {
    await write('my-units/t2-peak.mjs');
    expect(await problemOf(modulesOf('my-units'))).toBe(
      'ampel.config.yaml:1:9: there is no package my-units; did you mean "./my-units"?',
    );
    expect(await problemOf(modulesOf('novae'))).toContain('"npm install novae" in … may be missing');
  });
});

describe('a unit that cannot be loaded', () => {
  beforeEach(() => write('my-units/t2-peak.mjs'));

  it('is named with the error and its line', async () => {
    const thrown = modulesOf('./my-units', (file) => {
      const error = new ReferenceError('peak is not defined');
      error.stack = `ReferenceError: peak is not defined\n    at file://${join(folder, file)}:12:3\n    at run (node:x:1:1)`;
      throw error;
    });
    expect(await problemOf(thrown)).toBe(
      '…/my-units/t2-peak.mjs cannot be loaded: ReferenceError: peak is not defined at …/my-units/t2-peak.mjs:12:3',
    );
  });

  it('is told how to find the line of a syntax error, which Node does not tell', async () => {
    const thrown = modulesOf('./my-units', () => {
      throw new SyntaxError("Unexpected token ','");
    });
    expect(await problemOf(thrown)).toContain(
      'SyntaxError: Unexpected token \',\'; "node --check …/my-units/t2-peak.mjs" shows where',
    );
  });

  it('is told what to install where it does not find this package', async () => {
    const thrown = modulesOf('./my-units', () => {
      const message = "Cannot find package 'ampel-temporal' imported from t2-peak.mjs";
      throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
    });
    expect(await problemOf(thrown)).toContain(`not installed for it: "npm install ${ownFolder()}" in …`);
  });
});
