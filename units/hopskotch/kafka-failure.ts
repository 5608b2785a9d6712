/** What a client's failure is made of. */
export interface KafkaFailure {
  /** Kafka's own name of what the brokers said (`TOPIC_AUTHORIZATION_FAILED`); empty where they said nothing. */
  readonly type: string;
  readonly isLogin: boolean;
  /** The innermost words. */
  readonly text: string;
}

/** Takes the client's error apart; `password` stands in no text. */
export function kafkaFailure(error: unknown, password?: string): KafkaFailure {
  const chain = causes(error);
  const said = chain.at(-1)?.message ?? String(error);
  const type = chain.map(typeOf).find((one) => one !== '') ?? '';
  return {
    type,
    isLogin: type.includes('SASL') || chain.some(({ name }) => name.startsWith('KafkaJSSASL')),
    text: (password ? said.replaceAll(password, '[secret]') : said).slice(0, 300),
  };
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

function typeOf(error: Error): string {
  return 'type' in error && typeof error.type === 'string' ? error.type : '';
}
