/** What is known at one moment of messages on their way. Counts are of all nights. */
export interface LiveStanding {
  /** Messages in the topics. */
  readonly written: number;
  /** Of these: read, and have had their effects. */
  readonly read: number;
  /** Alerts that their transients have still to decide on. */
  readonly undecided: number;
}

/** A night that went through Kafka. */
export interface LiveNight {
  /** UT date, YYYYMMDD. */
  readonly date: string;
  /** Written now, not by an earlier demo. */
  readonly messages: number;
  /** While the night was written; null where it was there already. */
  readonly writtenPerSecond: number | null;
  /** From the night's first message until its last was read. */
  readonly readPerSecond: number | null;
  readonly highestLag: number;
  /** Until everything of it was decided (s). */
  readonly seconds: number;
}

/** What went through Kafka, counted by looking a few times a second. */
export interface LiveFigures {
  readonly topics: number;
  readonly partitions: number;
  readonly readers: number;
  /** Written by this demo, and by an earlier one on the same data. */
  readonly messages: number;
  readonly writtenBefore: number;
  readonly bytes: number;
  /** The most messages that waited to be read. */
  readonly highestLag: number;
  readonly writtenPerSecond: number | null;
  readonly readPerSecond: number | null;
  readonly nights: readonly LiveNight[];
}

/** Rates and lag as they are now. */
export interface LiveRates {
  readonly writtenPerSecond: number;
  readonly readPerSecond: number;
  readonly lag: number;
}

/** Rates of the moment are those of the last seconds. */
const RECENT_MS = 3_000;

interface Look extends LiveStanding {
  readonly atMs: number;
}

/** Measures one night from looks at its standing; times are of one clock (ms). */
export class NightMeter {
  private readonly looks: Look[];
  private writtenMs: number | undefined;
  private readMs: number | undefined;
  private highestLag = 0;
  private readonly first: Look;

  constructor(
    readonly date: string,
    begin: LiveStanding,
    private readonly beginMs: number,
  ) {
    this.first = { ...begin, atMs: beginMs };
    this.looks = [this.first];
  }

  /** Takes a look; all that is in the topics is also read where the two counts are the same. */
  look(standing: LiveStanding, atMs: number): LiveRates {
    const now = { ...standing, atMs };
    const lag = lagOf(now);
    this.highestLag = Math.max(this.highestLag, lag);
    if (this.writtenMs !== undefined && lag === 0) this.readMs ??= atMs;
    this.looks.push(now);
    while (this.looks.length > 2 && (this.looks[0]?.atMs ?? atMs) < atMs - RECENT_MS) this.looks.shift();
    const since = this.looks[0] ?? now;
    return {
      writtenPerSecond: perSecond(now.written - since.written, atMs - since.atMs) ?? 0,
      readPerSecond: perSecond(now.read - since.read, atMs - since.atMs) ?? 0,
      lag,
    };
  }

  /** The last message has been written. */
  allWritten(atMs: number): void {
    this.writtenMs = atMs;
  }

  /** Everything has been decided. */
  end(atMs: number): MeasuredNight {
    const { first, beginMs, date, highestLag } = this;
    const last = this.looks.at(-1) ?? first;
    const messages = last.written - first.written;
    const read = last.read - first.read;
    const writingMs = (this.writtenMs ?? atMs) - beginMs;
    const readingMs = (this.readMs ?? atMs) - beginMs;
    const night = {
      ...{ date, messages, highestLag, seconds: Math.round((atMs - beginMs) / 100) / 10 },
      writtenPerSecond: messages === 0 ? null : perSecond(messages, writingMs),
      readPerSecond: read === 0 ? null : perSecond(read, readingMs),
    };
    return { night, read, writingMs, readingMs };
  }
}

/** A night with the time that writing and reading it took. */
export interface MeasuredNight {
  readonly night: LiveNight;
  /** Messages; more than `night.messages` where some had been written before. */
  readonly read: number;
  readonly writingMs: number;
  readonly readingMs: number;
}

/** Sums over the nights. */
export class LiveTotals {
  private readonly measured: MeasuredNight[] = [];
  private messages = 0;
  private bytes = 0;

  /** `writtenBefore`: messages in the topics. */
  constructor(private readonly writtenBefore: number) {}

  /** Messages in the topics. */
  get written(): number {
    return this.writtenBefore + this.messages;
  }

  wrote(alerts: readonly { readonly packet: Buffer }[]): void {
    this.messages += alerts.length;
    for (const { packet } of alerts) this.bytes += packet.length;
  }

  add(measured: MeasuredNight): LiveNight {
    this.measured.push(measured);
    return measured.night;
  }

  /** What is reported of all nights. */
  figures(parts: Pick<LiveFigures, 'topics' | 'partitions' | 'readers'>): LiveFigures {
    const { measured, messages, writtenBefore, bytes } = this;
    const sum = (count: (one: MeasuredNight) => number): number => measured.reduce((all, one) => all + count(one), 0);
    const read = sum((one) => one.read);
    const nights = measured.map(({ night }) => night);
    return {
      ...{ ...parts, messages, writtenBefore, bytes },
      highestLag: Math.max(0, ...nights.map(({ highestLag }) => highestLag)),
      writtenPerSecond:
        messages === 0
          ? null
          : perSecond(
              messages,
              sum(({ writingMs }) => writingMs),
            ),
      readPerSecond:
        read === 0
          ? null
          : perSecond(
              read,
              sum(({ readingMs }) => readingMs),
            ),
      nights,
    };
  }
}

/** Whole messages a second; null where no time has passed. */
export function perSecond(messages: number, ms: number): number | null {
  return ms <= 0 ? null : Math.round((messages * 1000) / ms);
}

/** The two counts are asked for one after the other, so the second may be ahead. */
function lagOf({ written, read }: LiveStanding): number {
  return Math.max(0, written - read);
}
