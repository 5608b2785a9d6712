/** What a long step is doing; a download also says how far it is. */
export interface Progress {
  readonly message: string;
  readonly receivedBytes?: number;
  readonly totalBytes?: number;
}

export type ReportProgress = (progress: Progress) => void;

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;
