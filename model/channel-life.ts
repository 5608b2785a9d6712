import type { ChannelRevision, PeriodicRule } from './channel.js';

/** What a schedule has to know of a rule. */
export type ScheduledRule = Pick<PeriodicRule, 'name' | 'unit' | 'times' | 'overlap' | 'catchUpMinutes'>;

/** The schedules that a channel shall have. */
export interface ScheduleOrder {
  readonly channel: string;
  readonly channelHash: string;
  /** None of a channel that was stopped. */
  readonly rules: readonly ScheduledRule[];
  /** Names of those that it had. */
  readonly former: readonly string[];
  readonly isPaused: boolean;
}

export interface SchedulesKept {
  /** After so long (ms) they have to be made anew; undefined: never. */
  readonly renewMs?: number;
}

/** Activities of a channel's workflow. */
export interface ChannelActivities {
  /** Stores the revision and makes the channel active with it. */
  activateChannel(revision: ChannelRevision): Promise<void>;
  setChannelState(name: string, state: 'active' | 'paused' | 'stopped', because?: string): Promise<void>;
  /** Creates, changes and removes schedules. */
  keepSchedules(order: ScheduleOrder): Promise<SchedulesKept>;
}
