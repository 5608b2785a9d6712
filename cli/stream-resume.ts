import type { Command } from 'commander';
import { streamTurnCommand } from './stream-turn.js';

const EXAMPLES = `
Examples:
  $ ampel stream resume july
  $ ampel stream resume july --json   {"name":"july","state":"running","position":12000}`;

/** `ampel stream resume NAME`: reads on where it was paused. */
export function streamResumeCommand(): Command {
  return streamTurnCommand('resume')
    .description('Read on from where a paused stream is')
    .addHelpText('after', EXAMPLES);
}
