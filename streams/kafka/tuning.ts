/** How the transport is used; the defaults are meant for production, the rest for tests and benches. */
export interface KafkaTuning {
  /** After so long without a sign of a reader its partitions go to the others. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** So long the readers wait for one of them that is busy, when partitions are given out anew. */
  readonly rebalanceTimeoutMs: number;
  /** How long a broker may hold back an answer in which there is nothing yet. */
  readonly maxWaitMs: number;
  /** The most that one fetch brings; two are held in memory for each broker. One message may be larger. */
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
  /** How often new topics and partitions are looked for. */
  readonly topicRefreshMs: number;
  /** How long brokers may be away before the reader gives up. */
  readonly patienceMs: number;
  /** The pause before the first new try; it doubles up to thirty times that. */
  readonly retryMs: number;
}

export const DEFAULT_TUNING: KafkaTuning = {
  sessionTimeoutMs: 30_000,
  heartbeatMs: 3_000,
  rebalanceTimeoutMs: 60_000,
  maxWaitMs: 500,
  maxBytes: 16 * 1024 * 1024,
  maxBytesPerPartition: 4 * 1024 * 1024,
  topicRefreshMs: 60_000,
  patienceMs: 5 * 60_000,
  retryMs: 500,
};
