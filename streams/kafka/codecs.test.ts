import { compress } from 'snappyjs';
import { unpacker, unpackSnappy } from './codecs.js';
import { KafkaError } from './kafka-error.js';

const ALERT = Buffer.from('ZTF18aaaaaaa '.repeat(5_000));

/** As Java's producers write it: 16 bytes of header, then blocks with their lengths. */
function inBlocks(...blocks: Buffer[]): Buffer {
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const parts = blocks.map((block) => {
    const packed = Buffer.from(compress(block));
    const length = Buffer.alloc(4);
    length.writeInt32BE(packed.length);
    return Buffer.concat([length, packed]);
  });
  return Buffer.concat([header, ...parts]);
}

describe('alerts packed with snappy', () => {
  it('are unpacked, in one piece as librdkafka writes them and in blocks as Java does', () => {
    expect(unpackSnappy(Buffer.from(compress(ALERT))).equals(ALERT)).toBe(true);
    const blocks = inBlocks(ALERT.subarray(0, 32_768), ALERT.subarray(32_768));
    expect(unpackSnappy(blocks).equals(ALERT)).toBe(true);
    expect(unpackSnappy(inBlocks())).toHaveLength(0);
  });

  it('are refused where a block is cut off or claims more than there is', () => {
    const whole = inBlocks(ALERT);
    for (const length of [17, 19, 21, whole.length - 1]) {
      expect(() => unpackSnappy(whole.subarray(0, length))).toThrow('a block of');
    }
    whole.writeInt32BE(-5, 16);
    expect(() => unpackSnappy(whole)).toThrow('a block of -5 bytes');
    // Claims four gigabytes.
    expect(() => unpackSnappy(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]))).toThrow();
  });
});

describe('alerts packed in a way', () => {
  it('that nobody here knows are refused by the name of the codec', () => {
    const unpack = unpacker('lz4', undefined, 'which is not read here');
    expect(() => unpack(ALERT)).toThrow(
      new KafkaError('codec', 'messages are packed with lz4, which is not read here'),
    );
  });

  it('that they do not keep are refused by its name too', () => {
    expect(() => unpacker('snappy', unpackSnappy, '')(inBlocks(ALERT).subarray(0, 30))).toThrow(
      'messages packed with snappy cannot be unpacked: a block of',
    );
  });
});
