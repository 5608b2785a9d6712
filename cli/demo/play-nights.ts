import { setTimeout as sleep } from 'node:timers/promises';
import { streamTotals } from '../../store/stream-positions.js';
import type { Store } from '../../store/store.js';
import type { Offsets } from '../../streams/kafka/cluster-view.js';
import { portions } from '../../streams/kafka/portions.js';
import type { Night, SimulatedAlert } from '../../streams/simulation/survey.js';
import { LiveTotals, NightMeter, type LiveNight, type LiveRates } from './live-figures.js';
import type { LiveLine } from './live-line.js';
import { nightLine, nightProgress } from './live-text.js';
import { nightTopic, partitionOf, type NightTopics } from './night-topics.js';
import type { Pace } from './pace.js';
import { LOOK_EVERY_MS, type RunningStream } from './run-stream.js';

export interface Play {
  readonly nights: Iterable<Night>;
  /** How many nights there are. */
  readonly of: number;
  readonly topics: NightTopics;
  readonly pace: Pace;
  /** What reads the topics, and where its positions are. */
  readonly stream: RunningStream;
  readonly streamName: string;
  readonly store: Store;
  readonly line: LiveLine;
  /** Calls it off. */
  readonly signal: AbortSignal;
}

/**
 * Plays nights into their topics, one after the other. As a day lies between two nights, the next one begins when the
 * stream has read all of the last and every transient has decided: an object's alerts of different nights are in
 * different topics, which have no order among them. Memory holds one piece of a night; the broker holds what waits.
 * `writtenBefore`: messages in the topics when it begins.
 */
export async function playNights(play: Play, writtenBefore: number): Promise<LiveTotals> {
  const totals = new LiveTotals(writtenBefore);
  let number = 0;
  for (const night of play.nights) await new NightPlay(play, night, ++number, totals).run();
  return totals;
}

/** One night on its way. */
class NightPlay {
  private meter: NightMeter | undefined;
  /** Of this night, in its topic. */
  private written = 0;
  private lookedMs = 0;

  constructor(
    private readonly play: Play,
    private readonly night: Night,
    private readonly number: number,
    private readonly totals: LiveTotals,
  ) {}

  async run(): Promise<void> {
    const { play, night, totals } = this;
    const topic = nightTopic(night.date);
    const before = await play.topics.ends([topic]);
    this.written = [...before.values()].reduce((sum, end) => sum + end, 0);
    this.meter = new NightMeter(night.date, await this.standing(), Date.now());
    await this.write(topic, before);
    this.meter.allWritten(Date.now());
    await this.dawn(await play.topics.ends([topic]));
    const ended: LiveNight = totals.add(this.meter.end(Date.now()));
    play.line.keep(nightLine({ number: this.number, of: play.of }, ended));
  }

  /** Writes what is not in the topic yet, at the pace that is wanted. */
  private async write(topic: string, before: Offsets): Promise<void> {
    const { topics, pace, signal } = this.play;
    pace.rest();
    for (const piece of portions(missing(topic, this.night.alerts, before), pace.pieceSize)) {
      await sleep(pace.waitMs(piece.length, Date.now()), undefined, { signal });
      await topics.write(topic, piece);
      this.written += piece.length;
      this.totals.wrote(piece);
      if (Date.now() - this.lookedMs >= LOOK_EVERY_MS) await this.look();
    }
  }

  /** Waits until everything up to `ends` has been read and decided. */
  private async dawn(ends: Offsets): Promise<void> {
    const { store, streamName, signal } = this.play;
    for (;;) {
      // The positions first: what was read by then is among the undecided, or decided.
      const { partitions } = await streamTotals(store, streamName);
      const offsets = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
      const isRead = [...ends].every(([partition, end]) => (offsets.get(partition) ?? 0) >= end);
      const { undecided } = await this.look();
      if (isRead && undecided === 0) return;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  private async look(): Promise<{ readonly undecided: number }> {
    const { play, night, number, written, meter } = this;
    const standing = await this.standing();
    this.lookedMs = Date.now();
    const rates: LiveRates | undefined = meter?.look(standing, this.lookedMs);
    const { undecided } = standing;
    const shown = { number, of: play.of, alerts: night.alertCount, written, undecided };
    if (rates !== undefined) play.line.update(nightProgress(shown, rates));
    return { undecided };
  }

  private async standing(): Promise<{ readonly written: number; readonly read: number; readonly undecided: number }> {
    const { position, undecided, isRunning } = await this.play.stream.look();
    if (!isRunning) throw new Error(`stream ${this.play.streamName} was ended from outside`);
    return { written: this.totals.written, read: position, undecided };
  }
}

/** The alerts that are not in their partition yet: they were written in this order. */
function* missing(topic: string, alerts: Iterable<SimulatedAlert>, before: Offsets): Generator<SimulatedAlert> {
  const passed = new Map<string, number>();
  for (const alert of alerts) {
    const partition = partitionOf(topic, alert);
    const offset = passed.get(partition) ?? 0;
    passed.set(partition, offset + 1);
    if (offset >= (before.get(partition) ?? 0)) yield alert;
  }
}
