/** Where a stream's packets come from. */
export interface StreamSource {
  readonly kind: 'archive';
  /** Files and folders, in order. */
  readonly paths: readonly string[];
}

export interface StreamRequest {
  readonly name: string;
  readonly survey: string;
  readonly source: StreamSource;
  /** `wall`: rules wait in real time. `stream`: the stream's own event time decides what is due. */
  readonly clock: 'wall' | 'stream';
  /** Packets that are screened, receipted and acknowledged together. */
  readonly batchSize: number;
}

/** What the heartbeat of a running stream shows. */
export interface StreamProgress {
  /** Packets that are read and have had all their effects. */
  readonly position: number;
  readonly unreadable: number;
  /** Alerts that were passed on to transients. */
  readonly forwarded: number;
  readonly clockJd: number;
  readonly alertsPerSecond: number;
  /** What the stream is doing now, in words. */
  readonly doing: string;
}

export interface StreamActivities {
  consume(request: StreamRequest): Promise<StreamProgress>;
  markStream(name: string, state: 'paused' | 'stopped'): Promise<void>;
}
