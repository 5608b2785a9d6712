import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { channelJsonSchema } from '../channels/json-schema.js';
import { loadRegistry } from '../units/registry.js';
import { channelCheckCommand } from './channel-check.js';
import { channelErrorLines } from './channel-error-lines.js';
import { channelSchemaCommand } from './channel-schema.js';

const EXAMPLE = join(import.meta.dirname, '../channels/HU_RAPID.yaml');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-channel-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly failure?: unknown;
}

async function run(command: Command, ...args: string[]): Promise<Ran> {
  const { log, error } = console;
  const out: string[] = [];
  const err: string[] = [];
  console.log = (text: string) => out.push(text);
  console.error = (text: string) => err.push(text);
  try {
    await command.parseAsync(args, { from: 'user' });
    return { out: out.join('\n'), err: err.join('\n') };
  } catch (failure) {
    return { out: out.join('\n'), err: err.join('\n'), failure };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** The example with a change, as a file of the right name. */
async function changed(from: string, to: string): Promise<string> {
  const file = join(folder, 'HU_RAPID.yaml');
  await writeFile(file, (await readFile(EXAMPLE, 'utf8')).replace(from, to));
  return file;
}

describe('ampel channel check', () => {
  it('says that a channel is one, with the beginning of its identity', async () => {
    const { out, err, failure } = await run(channelCheckCommand(), EXAMPLE);
    expect(out).toMatch(/^HU_RAPID 1\.0\.0 is a channel, revision [0-9a-f]{12}$/);
    expect([err, failure]).toEqual(['', undefined]);
  });

  it('shows a misspelt cut in its line, and ends with status 2', async () => {
    const file = await changed('    max_nbad: 0', '    max_nbad: 0\n    max_nbads: 0');
    const { out, err, failure } = await run(channelCheckCommand(), file);
    const line = 28;
    expect(err).toBe(
      `${file}:${line}:5 t0.config.max_nbads: unknown key "max_nbads"; did you mean "max_nbad"?\n` +
        `   ${line} |     max_nbads: 0\n      |     ^`,
    );
    expect(out).toBe('');
    expect(failure).toMatchObject({ name: 'CliError', exitCode: 2, message: `${file} has 1 error` });
  });

  it('prints one object with --json, and nothing else', async () => {
    expect((await run(channelCheckCommand(), EXAMPLE, '--json')).out).toBe('{"ok":true,"errors":[]}');

    const file = await changed('stream: ztf', 'stream: 7');
    const { out, err, failure } = await run(channelCheckCommand(), '--json', file);
    const error = {
      file,
      line: 10,
      column: 9,
      path: 'stream',
      message: 'expected ztf or lsst, or a list of both, found 7',
    };
    expect(JSON.parse(out)).toEqual({ ok: false, errors: [error] });
    expect(err).toBe('');
    expect(failure).toMatchObject({ exitCode: 2 });
  });

  it.each([
    ['that is not there', 'there is no such file', () => Promise.resolve(join(folder, 'GONE.yaml'))],
    ['that is a folder', 'found a folder, expected a file', () => Promise.resolve(folder)],
    ['of pixels', 'no UTF-8 text', () => fileOf('M31.yaml', Buffer.from([0xff, 0xd8, 0xff, 0xe0]))],
    ['of more than a megabyte', 'the file has 1000001 bytes', () => fileOf('ALL.yaml', Buffer.alloc(1_000_001, '#'))],
  ])('says what is wrong with a file %s', async (_what, message, make) => {
    const file = await make();
    const { out, failure } = await run(channelCheckCommand(), file, '--json');
    expect(JSON.parse(out)).toEqual({
      ok: false,
      errors: [{ file, line: 1, column: 1, path: '', message: expect.stringContaining(message) as string }],
    });
    expect(failure).toMatchObject({ exitCode: 2 });
  });

  async function fileOf(name: string, bytes: Buffer): Promise<string> {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  }
});

describe('an error shown to people', () => {
  const place = { file: 'A.yaml', line: 2, path: '', message: 'not YAML' };

  it('has its caret below the sign, also behind tabs and in a line that is cut', () => {
    expect(channelErrorLines([{ ...place, column: 3 }], 'a\n\t\tb: 1')).toBe(
      'A.yaml:2:3: not YAML\n    2 |   b: 1\n      |   ^',
    );
    const [, source = '', caret = ''] = channelErrorLines(
      [{ ...place, column: 501 }],
      `a\n${'x'.repeat(500)}!${'y'.repeat(500)}`,
    ).split('\n');
    expect(source[caret.indexOf('^')]).toBe('!');
    expect(source.length).toBeLessThan(140);
  });

  it('gives nothing to a terminal that it would obey', () => {
    const shown = channelErrorLines([{ ...place, message: 'found \u001b[2J', column: 1 }], 'a\n\u001b[2Jb');
    expect(shown).not.toContain('\u001b');
  });

  it('is one line where the text has none to show', () => {
    expect(channelErrorLines([{ ...place, column: 1 }], '')).toBe('A.yaml:2:1: not YAML');
  });
});

describe('ampel channel schema', () => {
  it('prints the JSON Schema of channel files with the units there are', async () => {
    const { out } = await run(channelSchemaCommand());
    expect(JSON.parse(out)).toEqual(channelJsonSchema(await loadRegistry()));
  });
});

describe('the help of the commands for channel files', () => {
  it.each([channelCheckCommand(), channelSchemaCommand()])('shows an example: $_name', (command) => {
    const help: string[] = [];
    command.configureOutput({ writeOut: (text) => help.push(text) }).outputHelp();
    expect(help.join('')).toContain(`$ ampel channel ${command.name()}`);
  });
});
