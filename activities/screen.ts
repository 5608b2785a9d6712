import type { Alert } from '../model/alert.js';
import type { Cutouts } from '../model/cutouts.js';
import type { Verdict } from '../model/decision.js';
import type { ChannelRef } from '../model/transient.js';
import { RejectionTable } from '../store/rejection-rows.js';
import { KEPT_BYTES } from '../streams/avro/container-records.js';
import { oneRecordContainer } from '../streams/avro/one-record-container.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import { isBad, type BadPacket, type Packet, type PacketPlace } from '../streams/packet.js';
import type { FilterFields, ScreenedAlert, Survey } from '../streams/survey.js';
import { surveyOf } from '../streams/surveys.js';
import { BegunAlerts } from './begun-alerts.js';
import type { ReadyChannel } from './channel-revisions.js';
import type { Follows } from './follows.js';
import { BatchAcceptances, NightCaps } from './night-caps.js';
import type { ReadyFilter } from './ready-filter.js';

/** An alert that goes on to its transient. */
export interface Forwarded extends PacketPlace {
  readonly alert: Alert;
  /** Channels that have to decide on it, and those of them whose filter accepted it now. */
  readonly channels: readonly ChannelRef[];
  readonly accepted: readonly string[];
  readonly cutouts?: KeptCutouts;
}

/** Image stamps that channels want kept for so many days. */
export interface KeptCutouts {
  readonly stamps: Cutouts;
  readonly channels: readonly string[];
  readonly days: number;
}

/** What one batch of packets came to. */
export interface ScreenedBatch {
  readonly survey: string;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  /** All alerts that could be read, in order: ids, objects and event times. */
  readonly alertIds: readonly string[];
  readonly objectIds: readonly string[];
  readonly jds: readonly number[];
  readonly forwarded: readonly Forwarded[];
  readonly bad: readonly BadPacket[];
  readonly tallies: readonly ChannelTally[];
  /** What it took of the channels' caps. */
  readonly acceptances: BatchAcceptances;
  /** Newest event time (Julian date), 0 where nothing could be read. */
  readonly clockJd: number;
}

/** What one channel made of a batch; the rows of its rejections count the alerts of the batch. */
export interface ChannelTally {
  readonly ready: ReadyChannel;
  readonly accepted: number;
  readonly rejected: RejectionTable;
}

interface TallyInWork extends ChannelTally {
  accepted: number;
}

/** A batch that still grows. */
export interface BatchInWork {
  readonly survey: string;
  readonly partition: string;
  readonly from: number;
  /** Offset after the last packet. */
  to: number;
  size: number;
  readonly alertIds: string[];
  readonly objectIds: string[];
  readonly jds: number[];
  readonly forwarded: Forwarded[];
  readonly bad: BadPacket[];
  readonly tallies: readonly TallyInWork[];
  readonly acceptances: BatchAcceptances;
  clockJd: number;
}

/** Channels that see the same of an alert. */
interface Viewers {
  readonly access: readonly string[];
  /** Their numbers among the channels. */
  readonly channels: readonly number[];
}

/** Screens packets for several channels with one decode of the fields that their filters read. */
export class Screen {
  private readonly read: (packet: Packet) => ScreenedAlert;
  /** One for each channel. */
  private readonly filters: readonly ReadyFilter[];
  private readonly viewers: readonly Viewers[];
  /** One for each channel, overwritten with every alert. */
  private readonly verdicts: Verdict[];

  constructor(
    private readonly survey: Survey,
    private readonly channels: readonly ReadyChannel[],
    private readonly follows: Follows,
    private readonly begun: Pick<BegunAlerts, 'has'> = new BegunAlerts(),
    private readonly caps: Pick<NightCaps, 'admit'> = new NightCaps(),
  ) {
    this.filters = channels.map(({ ref, filters }) => {
      const filter = filters.get(survey.name);
      if (filter === undefined) throw new Error(`${ref} does not read alerts of ${survey.name}`);
      return filter;
    });
    this.read = survey.screenReader(fieldsOf(this.filters.flatMap(({ reads }) => reads)));
    this.viewers = viewersOf(channels);
    this.verdicts = channels.map(() => ({ accepted: true }));
  }

  /** An empty batch that starts at offset `from` of a partition. */
  begin(partition: string, from: number): BatchInWork {
    const tallies = this.channels.map((ready) => ({ ready, accepted: 0, rejected: new RejectionTable() }));
    const read = { alertIds: [], objectIds: [], jds: [], acceptances: new BatchAcceptances() };
    return {
      survey: this.survey.name,
      partition,
      from,
      to: from,
      size: 0,
      ...read,
      forwarded: [],
      bad: [],
      tallies,
      clockJd: 0,
    };
  }

  /**
   * Decides on one packet. It is decoded at once and let go, so that a batch holds no packets. What cannot be read
   * becomes a dead letter; nothing else of the batch is disturbed.
   */
  add(batch: BatchInWork, packet: Packet | BadPacket): void {
    batch.size++;
    batch.to = packet.offset + 1;
    if (isBad(packet)) {
      batch.bad.push(packet);
      return;
    }
    const { partition, offset, place, schema, record } = packet;
    try {
      if (surveyOf(schema) !== this.survey) throw new Unreadable('schema', `no alert of survey ${this.survey.name}`);
      const alert = this.read(packet);
      this.judge(alert);
      this.applyCaps(batch, alert, packet);
      const wanted = this.wantedBy(alert, packet);
      // Before anything is counted: the screen has not looked at all of the alert, and the rest may be unreadable.
      const goesOn = wanted.channels.length > 0 || this.begun.has(packet);
      const whole = goesOn ? this.survey.readAlert(packet) : undefined;
      const cutouts = this.cutoutsOf(packet, wanted.accepted);
      if (whole !== undefined)
        batch.forwarded.push({ alert: whole, partition, offset, place, ...wanted, ...(cutouts && { cutouts }) });
      this.count(batch, alert, packet);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      // With its schema, so that it can be read again wherever it came from.
      const bytes = oneRecordContainer(schema.json, record).subarray(0, KEPT_BYTES);
      batch.bad.push({ partition, offset, place, problem: error, bytes });
    }
  }

  private judge(alert: ScreenedAlert): void {
    for (const { access, channels } of this.viewers) {
      const input = alert.view(access);
      for (const i of channels) {
        const filter = this.filters[i];
        if (filter !== undefined) this.verdicts[i] = filter.judge(input);
      }
    }
  }

  /** An object that the channel follows goes on; of new ones it takes as many as its cap allows. */
  private applyCaps({ acceptances }: BatchInWork, { objectId, jd }: ScreenedAlert, place: PacketPlace): void {
    this.channels.forEach(({ channel: { name, maxPerNight } }, i) => {
      if (maxPerNight === undefined || this.verdicts[i]?.accepted !== true) return;
      if (this.follows.isFollowed(objectId, name, place)) return;
      const refusal = this.caps.admit(acceptances, name, jd);
      if (refusal !== undefined) this.verdicts[i] = refusal;
    });
  }

  private wantedBy({ objectId }: ScreenedAlert, place: PacketPlace): Pick<Forwarded, 'channels' | 'accepted'> {
    const channels: ChannelRef[] = [];
    const accepted: string[] = [];
    this.channels.forEach(({ ref, channel: { name } }, i) => {
      if (this.verdicts[i]?.accepted === true) accepted.push(name);
      // A rejection of a followed object is told by the transient's own history.
      else if (!this.follows.isFollowed(objectId, name, place)) return;
      channels.push(ref);
    });
    return { channels, accepted };
  }

  private cutoutsOf(packet: Packet, accepted: readonly string[]): KeptCutouts | undefined {
    const wanting = this.channels.filter(
      ({ channel: { name, keepCutoutsDays } }) => keepCutoutsDays !== undefined && accepted.includes(name),
    );
    if (wanting.length === 0) return undefined;
    const stamps = readableCutouts(this.survey, packet);
    if (Object.keys(stamps).length === 0) return undefined;
    return {
      ...{ stamps, channels: wanting.map(({ channel }) => channel.name) },
      days: Math.max(...wanting.map(({ channel }) => channel.keepCutoutsDays ?? 0)),
    };
  }

  private count(batch: BatchInWork, { alertId, objectId, jd }: ScreenedAlert, place: PacketPlace): void {
    const row = batch.alertIds.length;
    batch.alertIds.push(alertId);
    batch.objectIds.push(objectId);
    batch.jds.push(jd);
    batch.clockJd = Math.max(batch.clockJd, jd);
    batch.tallies.forEach((tally, i) => {
      const { name } = tally.ready.channel;
      const verdict = this.verdicts[i];
      if (verdict?.accepted === true) {
        tally.accepted++;
        this.follows.add(objectId, name, place);
      } else if (verdict !== undefined && !this.follows.isFollowed(objectId, name, place)) {
        tally.rejected.add(row, verdict);
      }
    });
  }
}

/** The stamps of every survey have less; a document holds 16 MB. */
const LARGEST_STAMP_BYTES = 2_000_000;

/** An alert is not lost for its pictures. */
function readableCutouts(survey: Survey, packet: Packet): Cutouts {
  try {
    const stamps = survey.readCutouts(packet);
    return Object.fromEntries(Object.entries(stamps).filter(([, bytes]) => bytes.length <= LARGEST_STAMP_BYTES));
  } catch (error) {
    if (error instanceof Unreadable) return {};
    throw error;
  }
}

/** Every field that one of the filters reads. */
export function fieldsOf(reads: readonly FilterFields[]): FilterFields {
  const union = (part: keyof FilterFields): string[] => [...new Set(reads.flatMap((fields) => fields[part]))];
  return { candidate: union('candidate'), history: union('history') };
}

function viewersOf(channels: readonly ReadyChannel[]): Viewers[] {
  const byAccess = new Map<string, { access: readonly string[]; channels: number[] }>();
  channels.forEach(({ channel: { access } }, i) => {
    const key = [...access].sort().join();
    const viewers = byAccess.get(key);
    if (viewers === undefined) byAccess.set(key, { access, channels: [i] });
    else viewers.channels.push(i);
  });
  return [...byAccess.values()];
}
