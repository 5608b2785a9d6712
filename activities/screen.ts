import { createHash, type Hash } from 'node:crypto';
import type { Alert } from '../model/alert.js';
import type { Rejection, Verdict } from '../model/decision.js';
import type { ChannelRef } from '../model/transient.js';
import type { Follow, RejectionColumns } from '../store/documents.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import { isBad, type BadPacket, type Packet } from '../streams/packet.js';
import type { FilterFields, ScreenedAlert, Survey } from '../streams/survey.js';
import { surveyOf } from '../streams/surveys.js';
import type { Registry } from '../units/registry.js';
import type { ReadyChannel } from './channel-revisions.js';

/** An alert that goes on to its transient. */
export interface Forwarded {
  readonly alert: Alert;
  readonly ordinal: number;
  readonly place: string;
  /** Channels that have to decide on it, and those of them whose filter accepted it now. */
  readonly channels: readonly ChannelRef[];
  readonly accepted: readonly string[];
}

/** What one batch of packets came to. */
export interface ScreenedBatch {
  readonly from: number;
  readonly to: number;
  readonly read: number;
  readonly forwarded: readonly Forwarded[];
  readonly bad: readonly BadPacket[];
  readonly tallies: readonly ChannelTally[];
  readonly clockJd: number;
  readonly contentHash: string;
}

export interface ChannelTally {
  readonly ready: ReadyChannel;
  readonly accepted: number;
  readonly rejected: Readonly<Record<string, RejectionColumns>>;
}

interface TallyInWork {
  readonly ready: ReadyChannel;
  accepted: number;
  readonly rejected: Record<string, RejectionColumns>;
}

/** A batch that still grows. */
export interface BatchInWork {
  readonly from: number;
  size: number;
  read: number;
  readonly forwarded: Forwarded[];
  readonly bad: BadPacket[];
  readonly tallies: TallyInWork[];
  clockJd: number;
  readonly ids: Hash;
}

/** Objects that a channel follows since an alert of the stream, by object and channel. */
export type Follows = Map<string, Map<string, Follow>>;

/** Screens packets for several channels with one decode of the fields that their filters read. */
export class Screen {
  private readonly read: (packet: Packet) => ScreenedAlert;

  constructor(
    private readonly survey: Survey,
    private readonly channels: readonly ReadyChannel[],
    registry: Registry,
    private readonly stream: string,
    private readonly follows: Follows,
  ) {
    this.read = survey.screenReader(fieldsOf(channels.map(({ channel }) => registry.filter(channel.t0.unit).reads)));
  }

  /** An empty batch that starts at position `from`. */
  begin(from: number): BatchInWork {
    const tallies = this.channels.map((ready) => ({ ready, accepted: 0, rejected: {} }));
    return { from, size: 0, read: 0, forwarded: [], bad: [], tallies, clockJd: 0, ids: createHash('sha256') };
  }

  /**
   * Decides on one packet. It is decoded at once and let go, so that a batch holds no packets. What cannot be read
   * becomes a dead letter; nothing else of the batch is disturbed.
   */
  add(batch: BatchInWork, packet: Packet | BadPacket): void {
    batch.size++;
    if (isBad(packet)) {
      batch.bad.push(packet);
      return;
    }
    const { ordinal, place, schema, record } = packet;
    try {
      if (surveyOf(schema) !== this.survey) throw new Unreadable('schema', `no alert of survey ${this.survey.name}`);
      const alert = this.read(packet);
      const verdicts = batch.tallies.map(({ ready }) => ready.filter(alert.view(ready.channel.access)));
      const wanted = this.wantedBy(alert, ordinal, batch.tallies, verdicts);
      // Before anything is counted: the screen has not looked at all of the alert, and the rest may be unreadable.
      const whole = wanted.channels.length > 0 ? this.survey.readAlert(packet) : undefined;
      if (whole !== undefined) batch.forwarded.push({ alert: whole, ordinal, place, ...wanted });
      this.count(alert, ordinal, batch.tallies, verdicts);
      batch.ids.update(`${alert.alertId}\n`);
      batch.clockJd = Math.max(batch.clockJd, alert.jd);
      batch.read++;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      batch.bad.push({ ordinal, place, problem: error, bytes: Buffer.from(record.subarray(0, KEPT_BYTES)) });
    }
  }

  /** The batch as it is written. */
  end({ ids, size, ...batch }: BatchInWork): ScreenedBatch {
    return { ...batch, to: batch.from + size, contentHash: ids.digest('hex') };
  }

  private wantedBy(
    alert: ScreenedAlert,
    ordinal: number,
    tallies: readonly TallyInWork[],
    verdicts: readonly Verdict[],
  ): Pick<Forwarded, 'channels' | 'accepted'> {
    const channels: ChannelRef[] = [];
    const accepted: string[] = [];
    tallies.forEach(({ ready: { ref, channel } }, i) => {
      if (verdicts[i]?.accepted === true) accepted.push(channel.name);
      // A rejection of a followed object is told by the transient's own history.
      else if (!this.isFollowed(alert.objectId, channel.name, ordinal)) return;
      channels.push(ref);
    });
    return { channels, accepted };
  }

  private count(alert: ScreenedAlert, ordinal: number, tallies: TallyInWork[], verdicts: readonly Verdict[]): void {
    tallies.forEach((tally, i) => {
      const { name } = tally.ready.channel;
      const verdict = verdicts[i];
      if (verdict?.accepted === true) {
        tally.accepted++;
        this.follow(alert.objectId, name, ordinal);
      } else if (verdict !== undefined && !this.isFollowed(alert.objectId, name, ordinal)) {
        addRejection(tally.rejected, alert, verdict);
      }
    });
  }

  private follow(objectId: string, channel: string, ordinal: number): void {
    let byChannel = this.follows.get(objectId);
    if (byChannel === undefined) this.follows.set(objectId, (byChannel = new Map<string, Follow>()));
    if (!byChannel.has(channel)) byChannel.set(channel, { stream: this.stream, ordinal });
  }

  /** Only what was accepted before this alert counts, so that a batch read twice is screened the same twice. */
  private isFollowed(objectId: string, channel: string, ordinal: number): boolean {
    const since = this.follows.get(objectId)?.get(channel);
    return since !== undefined && (since.stream !== this.stream || since.ordinal < ordinal);
  }
}

const KEPT_BYTES = 256 * 1024;

/** Every field that one of the filters reads. */
export function fieldsOf(reads: readonly FilterFields[]): FilterFields {
  const union = (part: keyof FilterFields): string[] => [...new Set(reads.flatMap((fields) => fields[part]))];
  return { candidate: union('candidate'), history: union('history') };
}

function addRejection(
  rejected: Record<string, RejectionColumns>,
  { alertId, objectId }: ScreenedAlert,
  rejection: Rejection,
): void {
  const { reason, field, value, limit } = rejection;
  const columns = (rejected[reason] ??= { alerts: [], objects: [], fields: [], values: [], limits: [] });
  columns.alerts.push(alertId);
  columns.objects.push(objectId);
  columns.fields.push(field ?? null);
  columns.values.push(value ?? null);
  columns.limits.push(limit ?? null);
}
