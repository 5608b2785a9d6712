import type { Command } from 'commander';
import { streamTurnCommand } from './stream-turn.js';

const EXAMPLES = `
The batch under way is finished first, and the position is kept: started again under its name and with the same paths, a
stream goes on from there.

Examples:
  $ ampel stream stop july
  $ ampel stream stop july --json   {"name":"july","state":"stopped","position":12000}`;

/** `ampel stream stop NAME`: ends a stream before its input does. */
export function streamStopCommand(): Command {
  return streamTurnCommand('stop').description('End a stream; its position is kept').addHelpText('after', EXAMPLES);
}
