/** What a long step is doing and how far it is; the same message again is the same step going on. */
export interface Progress {
  readonly message: string;
  readonly receivedBytes?: number;
  readonly totalBytes?: number;
  readonly elapsedS?: number;
  readonly done?: number;
  readonly of?: number;
}

export type ReportProgress = (progress: Progress) => void;

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
