import type { Command } from 'commander';
import { streamTurnCommand } from './stream-turn.js';

const EXAMPLES = `
The batch under way is finished first. Transients go on with what they have.

Examples:
  $ ampel stream pause july
  $ ampel stream resume july`;

/** `ampel stream pause NAME`: reads no further until it is resumed. */
export function streamPauseCommand(): Command {
  return streamTurnCommand('pause')
    .description('Read no further; "ampel stream resume" goes on from the same alert')
    .addHelpText('after', EXAMPLES);
}
