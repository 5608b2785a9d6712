import type { Command } from 'commander';
import { channelTurnCommand } from './channel-turn.js';

const EXAMPLES = `
Examples:
  $ ampel channel resume HU_RAPID`;

/** `ampel channel resume NAME`: alerts for a channel again. */
export function channelResumeCommand(): Command {
  return channelTurnCommand('resume')
    .description('Screen alerts for a paused channel again')
    .addHelpText('after', EXAMPLES);
}
