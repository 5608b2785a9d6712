import type { KafkaSource } from './kafka-source.js';

/** The one partition of an archive or a simulation. */
export const ARCHIVE_PARTITION = 'archive';

/** Where a stream's packets come from. */
export type StreamSource = ArchiveSource | KafkaSource | SimulationSource;

export interface ArchiveSource {
  readonly kind: 'archive';
  /** Files, folders and addresses (`https://…`), in order. */
  readonly paths: readonly string[];
}

/** Alerts as ZTF would send them, made as they are read: the same options give the same alerts. */
export interface SimulationSource {
  readonly kind: 'simulation';
  readonly nights: number;
  readonly seed: number;
  readonly alertsPerNight?: number;
}

export interface StreamRequest {
  readonly name: string;
  readonly survey: string;
  readonly source: StreamSource;
  /** Where Avro schemas are found that packets name by number: a folder, a tar.gz or the address of a registry. */
  readonly schemas?: string;
  /** `wall`: rules wait in real time. `stream`: the stream's own event time decides what is due. */
  readonly clock: 'wall' | 'stream';
  /** Packets that are screened, receipted and acknowledged together. */
  readonly batchSize: number;
  /** Readers that share the partitions, each on a worker; default 1. An archive has one partition. */
  readonly readers?: number;
}

/** What the heartbeat of a reader shows. */
export interface StreamProgress {
  /** Packets that are read and have had all their effects: of an archive since its start, else since this reader began. */
  readonly position: number;
  readonly unreadable: number;
  /** Alerts that were passed on to transients. */
  readonly forwarded: number;
  readonly clockJd: number;
  readonly alertsPerSecond: number;
  /** Packets that wait in the partitions of this reader; nobody knows it of an archive. */
  readonly lag?: number;
  /** What the reader is doing now, in words. */
  readonly doing: string;
}

/** How a stream is marked in the store. */
export type StreamMark = 'paused' | 'stopped';

/** What came of a dead letter that was tried again. */
export interface RetriedLetter {
  readonly id: string;
  /** True where it could be read now. */
  readonly isRead: boolean;
  /** Why not. */
  readonly message?: string;
}

export interface StreamActivities {
  /** Reads until the input ends. `reader`: which of the request's readers this is, from 0. */
  consume(request: StreamRequest, reader: number): Promise<StreamProgress>;
  /** Waits until all that was read has been decided, and marks the stream as finished. */
  settle(request: StreamRequest): Promise<void>;
  markStream(name: string, state: StreamMark): Promise<void>;
  retryDeadLetters(ids: readonly string[]): Promise<RetriedLetter[]>;
}
