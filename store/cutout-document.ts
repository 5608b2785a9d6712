import type { Binary } from 'mongodb';
import type { CutoutName } from '../model/cutouts.js';

/** The image stamps of an alert that a channel has accepted, kept where its file says so. `_id` is that of the alert. */
export interface CutoutDocument {
  readonly _id: string;
  readonly survey: string;
  readonly objectId: string;
  readonly stock: string;
  readonly alertId: string;
  /** Event time (Julian date). */
  readonly jd: number;
  /** Data rights: tags of the alert's detection. */
  readonly tags: readonly string[];
  /** Channels that want them kept. */
  readonly channels: readonly string[];
  /** As the packet has them. */
  readonly stamps: Readonly<Partial<Record<CutoutName, Binary>>>;
  /** Removed then: the longest that one of the channels wants. */
  readonly expiresAt: Date;
}
