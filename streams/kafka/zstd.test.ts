import { types } from 'node:util';
import fc from 'fast-check';
import { unpackZstdFrames } from './zstd.js';

/** 65,000 bytes as the reference program packs them (level 19): one segment, with a checksum. */
const ALERTS = Buffer.from('ZTF18aaaaaaa '.repeat(5_000));
const PACKED = Buffer.from('28b52ffd0468ad0000685a5446313861616161616161200100d87dd0e717723f01e3', 'hex');
const LIMIT = 1_000_000;

/** A frame with a window of 1 kB and these blocks: header (three bytes, little-endian) and content. */
function frame(windowDescriptor: number, ...blocks: readonly string[]): Buffer {
  return Buffer.from(`28b52ffd00${windowDescriptor.toString(16).padStart(2, '0')}${blocks.join('')}`, 'hex');
}

/** `size` times one byte. */
function runBlock(size: number, isLast = false): string {
  const header = Buffer.alloc(4);
  header.writeUInt32LE((size << 3) | (1 << 1) | Number(isLast));
  return `${header.toString('hex', 0, 3)}41`;
}

describe('alerts packed with zstd', () => {
  it('are unpacked without the help of Node, one frame or several', () => {
    expect(unpackZstdFrames(PACKED, LIMIT).equals(ALERTS)).toBe(true);
    expect(unpackZstdFrames(Buffer.concat([PACKED, PACKED]), LIMIT)).toHaveLength(130_000);
    expect(unpackZstdFrames(frame(0, runBlock(700), runBlock(24, true)), LIMIT).toString()).toBe('A'.repeat(724));
    expect(unpackZstdFrames(Buffer.alloc(0), LIMIT)).toHaveLength(0);
  });

  it('are refused where they are cut off, at every byte', () => {
    for (let length = 1; length < PACKED.length; length++)
      expect(() => unpackZstdFrames(PACKED.subarray(0, length), LIMIT)).toThrow('cut off');
  });

  it('are refused where they unpack to more than there can be', () => {
    expect(() => unpackZstdFrames(PACKED, 64_999)).toThrow('unpacks to more than 64999 bytes');
    const bomb = frame(0x50, ...Array.from({ length: 2_000 }, () => runBlock(131_072)), runBlock(0, true));
    expect(bomb.length).toBeLessThan(8_100);
    expect(() => unpackZstdFrames(bomb, LIMIT)).toThrow('unpacks to more than 1000000 bytes');
  });

  it('are refused where they claim a window of gigabytes, want a dictionary or have blocks without end', () => {
    expect(() => unpackZstdFrames(frame(0xa0, runBlock(1, true)), LIMIT)).toThrow(
      'a window of 1073741824 bytes, expected at most 8388608',
    );
    expect(() => unpackZstdFrames(Buffer.from('28b52ffde0ffffffffffff0f00', 'hex'), LIMIT)).toThrow('a window of');
    expect(() => unpackZstdFrames(Buffer.from('28b52ffd0100010000', 'hex'), LIMIT)).toThrow('dictionary');
    const empty = Array.from({ length: 5_000 }, () => '000000');
    expect(() => unpackZstdFrames(frame(0x68, ...empty), LIMIT)).toThrow('more than 4096 blocks');
    expect(() => unpackZstdFrames(ALERTS, LIMIT)).toThrow('byte 0 begins with 3146545a, expected a zstd frame');
  });

  it('with damaged bytes end soon, 2000 of them', () => {
    const change = fc.tuple(fc.nat({ max: PACKED.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Buffer.from(PACKED);
        for (const [at, byte] of changes) damaged[at] = byte;
        const startMs = performance.now();
        try {
          expect(unpackZstdFrames(damaged, LIMIT).length).toBeLessThanOrEqual(LIMIT);
        } catch (error) {
          expect(types.isNativeError(error)).toBe(true);
        }
        expect(performance.now() - startMs).toBeLessThan(1_000);
      }),
      { numRuns: 2_000, seed: 8_878 },
    );
  });
});
