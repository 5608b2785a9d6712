import { commands, groups } from './commands.js';

const entries = Object.values(commands).flatMap((entries) => Object.entries(entries));

describe('the commands of ampel', () => {
  it.each(entries)('has "%s" under its name, with an example in its help', async (path, entry) => {
    const command = await entry.load();
    const help: string[] = [];
    command.configureOutput({ writeOut: (text) => help.push(text) }).outputHelp();
    expect(command.name()).toBe(path.split(' ').at(-1));
    expect(help.join('')).toContain(`$ ampel ${path}`);
  });

  it('says of each group what it is about', () => {
    const named = entries.map(([path]) => path.split(' ')).filter((words) => words.length > 1);
    for (const [group = ''] of named) expect(Object.keys(groups)).toContain(group);
  });
});
