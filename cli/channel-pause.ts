import type { Command } from 'commander';
import { channelTurnCommand } from './channel-turn.js';

const EXAMPLES = `
Streams look every few seconds which channels are active. What comes while a channel is paused is not screened for it,
also not later.

Examples:
  $ ampel channel pause HU_RAPID
  $ ampel channel resume HU_RAPID`;

/** `ampel channel pause NAME`: no alerts for a channel until it is resumed. */
export function channelPauseCommand(): Command {
  return channelTurnCommand('pause')
    .description('Screen no more alerts for a channel until it is resumed')
    .addHelpText('after', EXAMPLES);
}
