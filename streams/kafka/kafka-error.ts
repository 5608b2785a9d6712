/** What went wrong between us and the brokers, and whether it may be tried again as it is. */
const RETRYABLE = {
  /** No broker answers, or they cannot serve just now. */
  unreachable: true,
  /** Another reader has taken this one's number. */
  fenced: true,
  /** The login was refused, or a secret for it is missing. */
  login: false,
  /** No TLS where there should be, or a certificate that nobody vouches for. */
  tls: false,
  /** The user may not read this topic, or be of this group. */
  access: false,
  /** The brokers have no such topic. */
  topic: false,
  /** Messages are packed in a way that is not read here. */
  codec: false,
  /** The description of the source makes no sense. */
  source: false,
} as const;

export type KafkaErrorKind = keyof typeof RETRYABLE;

/** A failure of the transport, in our words; the message never holds a secret. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';

  constructor(
    readonly kind: KafkaErrorKind,
    message: string,
  ) {
    super(message);
  }

  /** False where trying again cannot help before somebody changes something. */
  get retryable(): boolean {
    return RETRYABLE[this.kind];
  }
}

/** Node's words for a certificate that is not trusted, and OpenSSL's for a partner that speaks no TLS. */
const TLS_FAILURE =
  /self[- ]signed certificate|unable to (verify|get)|certificate|altnames|wrong version number|SSL routines|EPROTO/i;

/** The client's failure in our words; `where` says what was tried, with the brokers. */
export function kafkaErrorOf(error: unknown, where: string): KafkaError {
  const chain = causes(error);
  const ours = chain.find((one) => one instanceof KafkaError);
  if (ours !== undefined) return ours;
  for (const one of chain) {
    const kind = kindOf(one);
    if (kind !== undefined) return new KafkaError(kind, `${where}: ${wordsFor(kind, one.message)}`);
  }
  return new KafkaError('unreachable', `${where}: ${chain.at(-1)?.message ?? String(error)}`);
}

/** The error with what it was made of, outermost first. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let one = error; isError(one) && !chain.includes(one); one = one.cause) chain.push(one);
  return chain;
}

/** Also of another realm, as under jest. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value;
}

function kindOf(error: Error): KafkaErrorKind | undefined {
  const type = protocolType(error);
  if (error.name === 'KafkaJSSASLAuthenticationError' || type.includes('SASL')) return 'login';
  if (type.endsWith('_AUTHORIZATION_FAILED')) return 'access';
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'INVALID_TOPIC_EXCEPTION') return 'topic';
  if (type === 'FENCED_INSTANCE_ID') return 'fenced';
  if (error.name === 'KafkaJSNotImplemented') return 'codec';
  return error.name === 'KafkaJSConnectionError' && TLS_FAILURE.test(error.message) ? 'tls' : undefined;
}

/** Kafka's own name of the failure, empty where it is none of Kafka's. */
export function protocolType(error: unknown): string {
  return isError(error) && 'type' in error && typeof error.type === 'string' ? error.type : '';
}

function wordsFor(kind: KafkaErrorKind, message: string): string {
  switch (kind) {
    case 'login':
      return `the login is refused (${message})`;
    case 'tls':
      return `no secure connection (${message})`;
    case 'fenced':
      return 'another reader has joined the group with the number of this one';
    case 'access':
    case 'topic':
    case 'codec':
    case 'source':
    case 'unreachable':
      return message;
  }
}
