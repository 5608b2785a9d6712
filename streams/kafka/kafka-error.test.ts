import { KafkaError, kafkaErrorOf } from './kafka-error.js';

/** A failure as the client makes it: a name, Kafka's own word for it, and what is behind it. */
function failure(message: string, fields: object = {}, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), fields);
}

describe('a failure of Kafka', () => {
  it.each([
    ['login', failure('SASL PLAIN authentication failed', { name: 'KafkaJSSASLAuthenticationError' })],
    ['login', failure('no', { type: 'UNSUPPORTED_SASL_MECHANISM' })],
    ['access', failure('not authorized', { type: 'GROUP_AUTHORIZATION_FAILED' })],
    ['topic', failure('not here', { type: 'UNKNOWN_TOPIC_OR_PARTITION' })],
    ['fenced', failure('another one', { type: 'FENCED_INSTANCE_ID' })],
    ['codec', failure('ZSTD compression not implemented', { name: 'KafkaJSNotImplemented' })],
    ['tls', failure('Connection error: self-signed certificate', { name: 'KafkaJSConnectionError' })],
    ['unreachable', failure('connect ECONNREFUSED 127.0.0.1:9092', { name: 'KafkaJSConnectionError' })],
    ['unreachable', 'a text'],
    ['unreachable', undefined],
  ])('is told as what it is: %s', (kind, error) => {
    const told = kafkaErrorOf(error, 'reading at kafka:9092');
    expect(told).toMatchObject({ kind });
    expect(told.message).toMatch(/^reading at kafka:9092: /);
  });

  it('is found behind what the client wraps it in, also where it is ours', () => {
    const refused = failure('SASL failed', { name: 'KafkaJSSASLAuthenticationError' });
    const wrapped = failure('tried 5 times', { name: 'KafkaJSNumberOfRetriesExceeded' }, failure('again', {}, refused));
    expect(kafkaErrorOf(wrapped, 'reading').kind).toBe('login');
    const ours = new KafkaError('unreachable', 'no token');
    expect(kafkaErrorOf(failure('wrapped', {}, ours), 'reading')).toBe(ours);
  });

  it('ends where its causes go in a circle', () => {
    const first = failure('first');
    const second = failure('second', {}, first);
    first.cause = second;
    expect(kafkaErrorOf(first, 'reading').message).toBe('reading: second');
  });

  it('names the codec of alerts that cannot be unpacked', () => {
    const error = failure('LZ4 compression not implemented', { name: 'KafkaJSNotImplemented' });
    expect(kafkaErrorOf(error, 'reading').message).toContain('LZ4');
  });
});
