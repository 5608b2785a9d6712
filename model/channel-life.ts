import type { ChannelRevision } from './channel.js';

/** Activities of a channel's workflow. */
export interface ChannelActivities {
  /** Stores the revision and makes the channel active with it. */
  activateChannel(revision: ChannelRevision): Promise<void>;
  setChannelState(name: string, state: 'active' | 'paused' | 'stopped', because?: string): Promise<void>;
}
