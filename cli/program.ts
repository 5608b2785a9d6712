import { Command, Help } from 'commander';
import type { CommandEntry } from './commands.js';

/** What `ampel` is made of, so that a test can make a small one. */
export interface ProgramParts {
  readonly version: string;
  readonly commands: Readonly<Record<string, Readonly<Record<string, CommandEntry>>>>;
  readonly groups: Readonly<Record<string, string>>;
}

const EXIT_STATUSES = `
Help with one command: ampel COMMAND --help

Exit status: 0 done, 1 failed, 2 wrong use or wrong input, 3 a check did not hold, 4 a service cannot be reached.
With AMPEL_DEBUG set, an unexpected error shows where it came from.`;

/**
 * The program for these arguments (without `node` and the script). Only the command that they name is loaded; the
 * others stand in with a name and a summary. Throws `CommanderError` in place of ending the process.
 */
export async function createProgram(
  { version, commands, groups }: ProgramParts,
  args: readonly string[],
): Promise<Command> {
  const program = new Command('ampel')
    .description('Transient broker: alerts of sky surveys through channels of filters, computations and reactions')
    .version(version)
    .addHelpText('after', EXIT_STATUSES)
    .configureHelp({ formatHelp })
    .showHelpAfterError('--help shows how it is used.')
    .helpCommand(false)
    .exitOverride();
  const wanted = args.filter((arg) => !arg.startsWith('-')).join(' ');
  for (const [heading, entries] of Object.entries(commands)) {
    for (const [path, entry] of Object.entries(entries)) {
      const [verb = path, group] = path.split(' ').reverse();
      const parent = group === undefined ? program : groupIn(program, group, groups[group] ?? '');
      const isWanted = `${wanted} `.startsWith(`${path} `);
      const command = isWanted ? await entry.load() : new Command(verb);
      parent.addCommand(command.copyInheritedSettings(parent).summary(entry.summary).helpGroup(heading));
    }
  }
  return program;
}

/** Lists all verbs of all groups at the top, as a group's name alone says little. */
function formatHelp(command: Command, helper: Help): string {
  const atTop = { visibleCommands: leavesOf, subcommandTerm: pathOf };
  return new Help().formatHelp(command, command.parent === null ? Object.assign(helper, atTop) : helper);
}

function groupIn(program: Command, name: string, description: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return known ?? program.command(name).description(description).helpCommand(false);
}

function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length === 0 ? [child] : leavesOf(child)));
}

/** `channel check`, without the program's own name. */
function pathOf(command: Command): string {
  const parent = command.parent;
  return parent?.parent == null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}
