/** Topics of a Kafka cluster, read by a group of consumers. */
export interface KafkaSource {
  readonly kind: 'kafka';
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** Names, or patterns between slashes: `/^ztf_\d{8}_programid1$/`. */
  readonly topics: readonly string[];
  /** Name of the consumer group: Kafka's own tools show its lag. */
  readonly group: string;
  /** Where a partition begins that neither the stream nor the group has read. */
  readonly startAt: 'earliest' | 'latest' | { readonly timeMs: number };
  /** `end`: to where the topics end when reading begins; otherwise for ever. */
  readonly until?: 'end';
  readonly security?: KafkaSecurity;
}

export interface KafkaSecurity {
  /** `true` for certificates that the system knows, or a file with the authority's. */
  readonly tls?: true | { readonly caPath: string };
  readonly sasl?: KafkaLogin;
}

/** How to log in. Secrets are named here and resolved where they are used. */
export type KafkaLogin =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly passwordSecret: string;
    }
  | {
      /** OpenID Connect with client credentials, as NASA's GCN asks. */
      readonly mechanism: 'oauthbearer';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string;
    };
