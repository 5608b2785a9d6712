import type { Binary } from 'mongodb';
import type { Channel } from '../model/channel.js';

/** A channel's revision. */
export interface ConfigDocument {
  /** sha256 of the channel's canonical JSON. */
  readonly _id: string;
  readonly channel: Channel;
  readonly at: Date;
}

/** A file that a channel's filter reads: a list of positions, a region of the sky. */
export interface FileDocument {
  /** sha256 of its bytes. */
  readonly _id: string;
  readonly bytes: Binary;
  readonly at: Date;
}

/** A version of a unit that was in use. */
export interface UnitDocument {
  /** `<name>@<version>` */
  readonly _id: string;
  readonly name: string;
  readonly version: string;
  readonly tier: string;
  readonly summary: string;
}

/** A channel as it stands. */
export interface ChannelDocument {
  /** Name. */
  readonly _id: string;
  readonly hash: string;
  /** Surveys whose streams it reads. */
  readonly streams: readonly string[];
  readonly state: 'active' | 'paused' | 'stopped';
  /** Why it is paused, where no person has done it. */
  readonly because?: string;
  /** How often it was made active. */
  readonly epoch?: number;
  readonly at: Date;
}
