/** Something that whoever runs a stream should hear of, and that does not end it. */
export type KafkaNotice =
  /** Messages that were never read are gone: `from` up to, but without, `to`. */
  | {
      readonly kind: 'lost';
      readonly message: string;
      readonly partition: string;
      readonly from: number;
      readonly to: number;
    }
  /** Other topics are read than before. */
  | { readonly kind: 'topics'; readonly message: string; readonly topics: readonly string[] }
  /** Brokers do not answer; it is tried again. */
  | { readonly kind: 'away'; readonly message: string };
