import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CliError } from './cli-error.js';
import { readUnitConfig } from './unit-config.js';

const unit = {
  name: 'BrightFilter',
  config: z.strictObject({ max_mag: z.number(), bands: z.array(z.string()).default(['g', 'r']) }),
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-config-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const file = join(folder, 'cuts.yaml');
  await writeFile(file, text);
  return file;
}

async function failureOf(config: Promise<unknown>): Promise<CliError> {
  const error: unknown = await config.catch((error: unknown) => error);
  if (error instanceof CliError) return error;
  throw new Error('the config was taken');
}

describe('the config of a unit from a file', () => {
  it.each([
    ['YAML', 'max_mag: 18.5 # mag\n'],
    ['JSON', '{"max_mag": 18.5}'],
  ])('is %s, with defaults filled in', async (_, text) => {
    await expect(readUnitConfig(unit, await fileOf(text))).resolves.toEqual({ max_mag: 18.5, bands: ['g', 'r'] });
  });

  it('is wrong input with line, column and the nearest key where a key is misspelt', async () => {
    const file = await fileOf('bands: [g]\nmax_magg: 18.5\n');
    const { exitCode, message, hint } = await failureOf(readUnitConfig(unit, file));
    expect(exitCode).toBe(2);
    expect(message).toContain(`\n  ${file}:2:1: max_magg: unknown key "max_magg"; did you mean "max_mag"?`);
    expect(hint).toBe('"ampel unit show BrightFilter" shows the keys and their defaults.');
  });

  it('is wrong input with place and path where a value is of another type', async () => {
    const file = await fileOf('max_mag: 18\nbands:\n  - g\n  - 2\n');
    const { message } = await failureOf(readUnitConfig(unit, file));
    expect(message).toBe(`${file} is no config of BrightFilter:\n  ${file}:4:5: bands[1]: found 2, expected string`);
  });

  it('is wrong input where it is no YAML', async () => {
    const file = await fileOf('max_mag: [18\n');
    const { exitCode, message } = await failureOf(readUnitConfig(unit, file));
    expect(exitCode).toBe(2);
    expect(message).toContain(`${file} cannot be read as YAML or JSON:\n  ${file}:`);
  });

  it('is an empty one without a file, and says so where that is not enough', async () => {
    const { message } = await failureOf(readUnitConfig(unit, undefined));
    expect(message).toMatch(
      /^an empty config \(there is no --config\) is no config of BrightFilter:\n +max_mag: missing/,
    );
  });
});
