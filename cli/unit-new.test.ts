import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownFolder } from '../units/own-package.js';
import { loadRegistry } from '../units/registry.js';
import { CliError } from './cli-error.js';
import { requireNewName, requireTier, requireUnitName } from './unit-name.js';
import { nextSteps } from './unit-next-steps.js';
import { findsThisCopy, missingEntry, unitPlace } from './unit-place.js';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'ampel-new-')));
});

afterEach(() => rm(folder, { recursive: true }));

function failureOf(run: () => unknown): CliError {
  try {
    run();
  } catch (error) {
    if (error instanceof CliError) return error;
  }
  throw new Error('no CliError');
}

describe('what a new unit is called', () => {
  it('is wrong use with a name that would do, where it is no such name', () => {
    expect(
      failureOf(() => {
        requireUnitName('t2_peak-mag');
      }),
    ).toMatchObject({ exitCode: 2, hint: 'Did you mean T2PeakMag?' });
    expect(
      failureOf(() => {
        requireUnitName('2nd');
      }).hint,
    ).toBe('Such as T2PeakMagnitude.');
    expect(
      failureOf(() => {
        requireUnitName(`T2${'x'.repeat(70)}`);
      }).message,
    ).toContain('at most 64');
    expect(() => {
      requireUnitName('T2PeakSNMag');
    }).not.toThrow();
  });

  it('is wrong use where a unit has it, with what that one is', async () => {
    const registry = await loadRegistry();
    const { message, hint } = failureOf(() => {
      requireNewName('decentFilter', registry);
    });
    expect(message).toBe('There is a t0 unit DecentFilter already');
    expect(hint).toMatch(/^It is of ampel-temporal: Real, positive, /);
    expect(() => {
      requireNewName('T2PeakOfMine', registry);
    }).not.toThrow();
  });

  it('is of a tier that has units', () => {
    expect(requireTier('T2')).toBe('t2');
    expect(failureOf(() => requireTier('t1')).hint).toContain('T1 has no units');
    expect(failureOf(() => requireTier('filter')).message).toContain('expected t0 (a filter), t2 (a computation)');
  });
});

describe('where a new unit stands', () => {
  const nothing = { folder: '/', units: [] };

  it('is the folder asked for, else the first of the configuration', async () => {
    const config = {
      folder,
      units: [
        { entry: 'novae', place: '' },
        { entry: './mine', place: '' },
      ],
    };
    expect((await unitPlace('t2', join(folder, 'other'), config)).folder).toBe(join(folder, 'other'));
    expect((await unitPlace('t2', undefined, config)).folder).toBe(join(folder, 'mine'));
  });

  it('is in a checkout beside the other units of its tier, in TypeScript', async () => {
    const units = join(ownFolder(), 'units');
    const place = await unitPlace('t2', join(units, 't2'), nothing);
    expect(place).toEqual({ folder: join(units, 't2'), isHouse: true, extension: 'ts' });
    await expect(unitPlace('t2', join(units, 't0'), nothing)).rejects.toThrow('a t2 unit of ampel-temporal itself');
    expect(await unitPlace('t2', join(ownFolder(), 'my-units'), nothing)).toMatchObject({ isHouse: false });
  });

  it('takes .mjs, which Node reads as a module everywhere, or .js where the package says that it is one', async () => {
    await writeFile(join(folder, 'package.json'), '{"type": "commonjs"}');
    expect(await unitPlace('t0', join(folder, 'mine'), nothing)).toMatchObject({ extension: 'mjs' });
    await writeFile(join(folder, 'package.json'), '{"type": "module"}');
    expect(await unitPlace('t0', join(folder, 'mine'), nothing)).toMatchObject({ extension: 'js' });
  });

  it('is no file', async () => {
    await writeFile(join(folder, 'mine'), '');
    await expect(unitPlace('t0', join(folder, 'mine'), nothing)).rejects.toThrow('is a file, expected a folder');
  });
});

describe('what there is to do next', () => {
  it('is to name the folder in the configuration, unless it is named', () => {
    const config = { folder, file: 'ampel.config.yaml', units: [{ entry: './mine', place: '' }] };
    expect(missingEntry(join(folder, 'mine/t2'), config)).toBeUndefined();
    expect(missingEntry(join(folder, 'other'), config)).toEqual({
      ...{ file: 'ampel.config.yaml', isNew: false },
      entry: './other',
    });
    expect(missingEntry(folder, { folder: join(folder, 'sub'), units: [] })).toMatchObject({
      isNew: true,
      entry: '..',
    });
    expect(missingEntry(folder, { folder, units: [] })?.entry).toBe('./');
  });

  it('is to install this package, unless the unit finds it', async () => {
    await mkdir(join(folder, 'node_modules'));
    expect(findsThisCopy(folder)).toBe(false);
  });

  it('is told in order: install, test, configure, look, run', () => {
    const text = nextSteps({
      ...{ name: 'ChatReaction', tier: 't3', file: 'mine/chat-reaction.mjs', test: 'mine/chat-reaction.test.mjs' },
      ...{ isHouse: false, install: { what: '/opt/ampel', where: '/home/me' } },
      missing: { file: 'ampel.config.yaml', isNew: true, entry: './mine' },
    });
    expect(text.split('\n').map((line) => line.trim())).toEqual([
      'mine/chat-reaction.mjs is the unit,',
      'mine/chat-reaction.test.mjs its test. Next:',
      '1. in /home/me, so that it finds "ampel-temporal/units":',
      'npm install /opt/ampel',
      '2. run its test:',
      'node --test mine/chat-reaction.test.mjs',
      '3. write ampel.config.yaml, so that ampel finds it:',
      'units:',
      '- ./mine',
      '4. look at it:',
      'ampel unit show ChatReaction',
      '5. run it on alerts:',
      'ampel unit run ChatReaction --input night.tar.gz --config config.yaml',
    ]);
  });

  it('is in a checkout to test with Jest and to build', () => {
    const text = nextSteps({
      name: 'T2X',
      tier: 't2',
      file: 'units/t2/t2-x.ts',
      test: 'units/t2/t2-x.test.ts',
      isHouse: true,
    });
    expect(text).toMatch(/jest units\/t2\/t2-x\.test\.ts\n2\. build.*\n +npm run build\n/);
  });
});
