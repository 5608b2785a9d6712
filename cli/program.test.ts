import { Command, CommanderError } from 'commander';
import type { CommandEntry } from './commands.js';
import { createProgram } from './program.js';

const loaded: string[] = [];
const run: string[][] = [];

function entry(verb: string): CommandEntry {
  return {
    summary: `${verb} something`,
    load: () => {
      loaded.push(verb);
      const command = new Command(verb).argument('[file]').option('--json');
      return Promise.resolve(command.action((file: string) => void run.push([verb, file])));
    },
  };
}

const broken: CommandEntry = { summary: 'cannot be loaded', load: () => Promise.reject(new Error('no such module')) };

const parts = {
  version: '1.2.3',
  commands: {
    'Alerts:': { inspect: entry('inspect'), 'channel check': entry('check'), 'channel try': entry('try') },
    'Others:': { broken },
  },
  groups: { channel: 'what a scientist asks for' },
};

/** What the program says and how it ends, for these arguments. */
async function say(...args: string[]): Promise<{ out: string; err: string; error: unknown }> {
  const said = { out: '', err: '', error: undefined as unknown };
  try {
    const program = await createProgram(parts, args);
    const output = {
      writeOut: (text: string) => void (said.out += text),
      writeErr: (text: string) => void (said.err += text),
    };
    for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
      command.configureOutput(output);
    }
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    said.error = error;
  }
  return said;
}

beforeEach(() => {
  loaded.length = 0;
  run.length = 0;
});

describe('a program of many commands', () => {
  it('loads only the command that is asked for, so that checking a channel needs no Temporal client', async () => {
    await say('channel', 'check', 'HU_RAPID.yaml', '--json');
    expect(loaded).toEqual(['check']);
    expect(run).toEqual([['check', 'HU_RAPID.yaml']]);
  });

  it('lists every verb of every group in its help and loads none of them', async () => {
    const { out, error } = await say('--help');
    expect(out).toMatch(/Alerts:\n\s+inspect\s+inspect something\n\s+channel check\s+check something\n\s+channel try/);
    expect(out).toMatch(/Others:\n\s+broken\s+cannot be loaded/);
    expect(loaded).toEqual([]);
    expect(error).toMatchObject({ exitCode: 0 });
  });

  it('runs the others where one command cannot be loaded', async () => {
    expect((await say('inspect', 'night.tar.gz')).error).toBeUndefined();
    expect((await say('broken')).error).toMatchObject({ message: 'no such module' });
  });

  it.each([
    [['chanel', 'check'], /unknown command 'chanel'\n\(Did you mean channel\?\)/],
    [['channel', 'chek'], /unknown command 'chek'\n\(Did you mean check\?\)/],
    [['inspect', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ])('names the nearest known word for %j', async (args, message) => {
    const { err, error } = await say(...args);
    expect(err).toMatch(message);
    expect(error).toBeInstanceOf(CommanderError);
  });

  it('shows the verbs of a group where none is given', async () => {
    const { err, error } = await say('channel');
    expect(err).toMatch(/Usage: ampel channel .*\n\nwhat a scientist asks for\n[^]*check\s+check something/);
    expect(error).toMatchObject({ exitCode: 1 });
  });
});
