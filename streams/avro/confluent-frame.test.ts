import { problemOf } from '../../test/problem-of.js';
import { readConfluentFrame } from './confluent-frame.js';

const frame = (...bytes: number[]): Buffer => Buffer.from(bytes);

describe("a message in Confluent's wire format", () => {
  it('names the schema of its record', () => {
    const { schemaId, record } = readConfluentFrame(frame(0, 0, 0, 2, 0xbf, 1, 2));
    expect([schemaId, [...record]]).toEqual([703, [1, 2]]);
  });

  it('has ids up to 32 bits', () => {
    expect(readConfluentFrame(frame(0, 0xff, 0xff, 0xff, 0xff, 1)).schemaId).toBe(4294967295);
  });

  it.each([
    ['nothing', frame(), 'truncated', 'the message has 0 bytes, expected 5 and a record'],
    ['no whole id', frame(0, 0, 2), 'truncated', 'the message has 3 bytes, expected 5 and a record'],
    ['no record', frame(0, 0, 0, 2, 0xbf), 'truncated', 'the message has 5 bytes, expected 5 and a record'],
    [
      'an object container',
      Buffer.from('Obj\x01\x04\x16', 'latin1'),
      'not-avro',
      "not in Confluent's wire format: starts with 4f626a0104, expected 00 and a schema id",
    ],
  ])('is told of where it is %s', (_, bytes, kind, message) => {
    expect(problemOf(() => readConfluentFrame(bytes))).toEqual({ kind, message });
  });
});
