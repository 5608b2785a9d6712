import type { Binary } from 'mongodb';
import type { Notice } from '../model/notice.js';
import type { SkyEvent } from '../model/sky-event.js';

/** One notice as it was read; the first of its id stays. */
export interface NoticeDocument extends Notice {
  /** `noticeId` */
  readonly _id: string;
  /** Id of its event. */
  readonly event: string;
  readonly stream: string;
  readonly partition: string;
  readonly offset: number;
  readonly at: Date;
}

/** A gravitational-wave, neutrino or high-energy event with all its revisions. */
export interface EventDocument {
  /** `skyEventId` of its notices. */
  readonly _id: string;
  readonly event: SkyEvent;
  /** Counts the writes. */
  readonly version: number;
  readonly at: Date;
}

/** A sky map that a notice carried. */
export interface SkyMapDocument {
  /** sha256 of its bytes. */
  readonly _id: string;
  readonly mediaType: string;
  readonly bytes: Binary;
  readonly at: Date;
}
