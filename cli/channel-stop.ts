import type { Command } from 'commander';
import { channelTurnCommand } from './channel-turn.js';

const EXAMPLES = `
What the channel decided, computed and sent stays. Started again it goes on with the objects that it follows.

Examples:
  $ ampel channel stop HU_RAPID
  $ ampel channel start channels/HU_RAPID.yaml`;

/** `ampel channel stop NAME`: ends a channel. */
export function channelStopCommand(): Command {
  return channelTurnCommand('stop').description('End a channel; what it decided stays').addHelpText('after', EXAMPLES);
}
