import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { blockOf, containerHeader, containerOf, SYNC, varint } from '../../test/avro-container.js';
import { problemOf } from '../../test/problem-of.js';
import { readContainerBlocks, readContainerHeader, type ContainerBlock } from './object-container.js';
import { Unreadable } from './unreadable.js';

const schema = { type: 'record' as const, name: 'alert', fields: [{ name: 'objectId', type: 'string' }] };
const alerts = ['ZTF18aaaaaaa', 'ZTF18aaaaaab', 'ZTF18aaaaaac'].map((objectId) => ({ objectId }));

/** The blocks before the damage, and the damage. Anything but `Unreadable` is thrown on. */
function read(container: Buffer): { blocks: ContainerBlock[]; problem?: Unreadable } {
  const blocks: ContainerBlock[] = [];
  try {
    for (const block of readContainerBlocks(container, readContainerHeader(container))) blocks.push(block);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { blocks, problem: error };
  }
  return { blocks };
}

/** Object names in a block of records that hold nothing else. */
function namesIn({ records, count }: ContainerBlock): string[] {
  return Array.from({ length: count }, (_, i) => records.toString('latin1', i * 13 + 1, (i + 1) * 13));
}

describe('the header of a container', () => {
  it('gives the schema as its bytes, the codec, the sync marker and where the first block begins', () => {
    const container = containerOf(schema, alerts, { codec: 'deflate' });
    const header = readContainerHeader(container);
    expect(JSON.parse(header.schema.toString())).toEqual(schema);
    expect(header).toMatchObject({ codec: 'deflate', sync: SYNC });
    expect(header.end).toBe(containerHeader(JSON.stringify(schema), 'deflate').length);
  });

  it('means no compression where it names no codec, and may hold what is not known here', () => {
    const entry = (key: string, value: string): Buffer =>
      Buffer.concat([varint(key.length), Buffer.from(key), varint(value.length), Buffer.from(value)]);
    const map = [varint(2), entry('telescope', 'P48'), entry('avro.schema', '"int"'), varint(0)];
    const header = readContainerHeader(Buffer.concat([Buffer.from('Obj\x01', 'latin1'), ...map, SYNC]));
    expect(header).toMatchObject({ codec: 'null', schema: Buffer.from('"int"') });
  });

  it('may give the size of its map in bytes, as the format allows with a negative count', () => {
    const key = Buffer.concat([varint(11), Buffer.from('avro.schema'), varint(5), Buffer.from('"int"')]);
    const map = [varint(-1), varint(key.length), key, varint(0)];
    expect(readContainerHeader(Buffer.concat([Buffer.from('Obj\x01', 'latin1'), ...map, SYNC])).schema).toEqual(
      Buffer.from('"int"'),
    );
  });

  it.each([
    ['a file of no bytes', Buffer.alloc(0), 'truncated', 'the file has no bytes'],
    [
      'a FITS image',
      Buffer.from('SIMPLE  ='),
      'not-avro',
      'not an Avro container: starts with 53494d50, expected 4f626a01 ("Obj" 01)',
    ],
    ['half of the magic', Buffer.from('Ob'), 'truncated', 'ends inside the header: 3 bytes are missing after byte 2'],
    [
      'no schema',
      Buffer.concat([Buffer.from('Obj\x01\x00', 'latin1'), SYNC]),
      'schema',
      'the container names no schema (avro.schema is missing)',
    ],
    [
      'a name of negative length',
      Buffer.concat([Buffer.from('Obj\x01', 'latin1'), varint(1), varint(-3), SYNC]),
      'corrupt',
      'the header claims a part of -3 bytes',
    ],
    [
      'a length of 70 bits',
      Buffer.concat([Buffer.from('Obj\x01', 'latin1'), Buffer.alloc(9, 0xff), SYNC]),
      'corrupt',
      'the number at byte 4 is longer than any length in a container',
    ],
  ])('tells of %s', (_, bytes, kind, message) => {
    expect(problemOf(() => readContainerHeader(bytes))).toEqual({ kind, message });
  });
});

describe('the blocks of a container', () => {
  it.each(['null', 'deflate', 'snappy'] as const)('come one after the other, with the %s codec', (codec) => {
    const { blocks, problem } = read(containerOf(schema, alerts, { codec, recordsPerBlock: 2 }));
    expect(problem).toBeUndefined();
    expect(blocks.map(({ count }) => count)).toEqual([2, 1]);
    expect(blocks.flatMap(namesIn)).toEqual(['ZTF18aaaaaaa', 'ZTF18aaaaaab', 'ZTF18aaaaaac']);
  });

  it('are none in a container that Spark wrote for an empty partition', () => {
    expect(read(containerOf(schema, []))).toEqual({ blocks: [] });
  });

  it.each(['null', 'deflate', 'snappy'] as const)(
    'before the place where a transfer broke off stand, the rest is one problem (%s codec, cut at every byte)',
    (codec) => {
      const container = containerOf(schema, alerts, { codec });
      const header = containerHeader(JSON.stringify(schema), codec).length;
      const blockEnds = [1, 2, 3].map((n) => containerOf(schema, alerts.slice(0, n), { codec }).length);
      for (let length = 0; length < container.length; length++) {
        const { blocks, problem } = read(container.subarray(0, length));
        const whole = blockEnds.filter((end) => end <= length);
        expect(blocks).toHaveLength(whole.length);
        const rest = length - (whole.at(-1) ?? header);
        // A few bytes after a whole block may be the start of the next or no part of the file at all.
        const kind = whole.length > 0 && rest < 18 ? 'trailing-bytes' : 'truncated';
        expect(problem?.kind).toBe(rest === 0 ? undefined : kind);
      }
    },
  );

  it('with a byte changed anywhere never give anything but records or a problem', () => {
    const containers = (['null', 'deflate', 'snappy'] as const).map((codec) => containerOf(schema, alerts, { codec }));
    fc.assert(
      fc.property(
        fc.constantFrom(...containers),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (whole, where, change) => {
          const container = Buffer.from(whole);
          const at = where % container.length;
          container.writeUInt8(container.readUInt8(at) ^ change, at);
          const { blocks } = read(container);
          expect(blocks.length).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('compressed with snappy are checked: a changed letter is damage, not another object', () => {
    const container = containerOf(schema, alerts, { codec: 'snappy' });
    const at = container.indexOf('aaaaaab');
    container.write('b', at);
    const { blocks, problem } = read(container);
    expect(blocks.flatMap(namesIn)).toEqual(['ZTF18aaaaaaa']);
    expect(problem).toMatchObject({ kind: 'corrupt' });
    expect(problem?.message).toMatch(
      /^the snappy data of the block at byte \d+ is damaged: Error: the checksum differs$/,
    );
  });

  it('that claim to be 200 MB in 30 bytes of snappy get no room', () => {
    const claimed = Buffer.from('80b4af5f00', 'hex');
    const stored = Buffer.concat([claimed, Buffer.alloc(26)]);
    const block = Buffer.concat([varint(1), varint(stored.length), stored, SYNC]);
    const { blocks, problem } = read(Buffer.concat([containerHeader(JSON.stringify(schema), 'snappy'), block]));
    expect(blocks).toEqual([]);
    expect(problem?.message).toMatch(/The uncompressed length of 200006144 is too big, expect at most 594$/);
  });

  it('that are of zeros only, which snappy packs best, are read', () => {
    const zeros = Buffer.alloc(60_000);
    const block = blockOf(1, zeros, 'snappy');
    const { blocks } = read(Buffer.concat([containerHeader(JSON.stringify(schema), 'snappy'), block]));
    expect(blocks).toEqual([{ count: 1, records: zeros }]);
  });

  it('in a codec that is not known are told of, with as much of its name as a person reads', () => {
    const codec = 'zip'.repeat(1_000);
    const { problem } = read(Buffer.concat([containerHeader(JSON.stringify(schema), codec), blockOf(1, SYNC)]));
    expect(problem).toMatchObject({ kind: 'schema', message: expect.stringMatching(/^codec "(zip)+z" is/) as unknown });
  });

  it('that lost a byte, as newline conversion takes them, no longer end with the sync marker', () => {
    const container = containerOf(schema, alerts);
    const at = container.indexOf('aaaaaab');
    const { blocks, problem } = read(Buffer.concat([container.subarray(0, at), container.subarray(at + 1)]));
    expect(blocks).toHaveLength(1);
    expect(problem?.message).toMatch(/^the block at byte \d+ does not end with the file's sync marker/);
  });

  it('followed by other bytes stand, and those bytes are a problem', () => {
    const { blocks, problem } = read(Buffer.concat([containerOf(schema, alerts), Buffer.from('\r\n')]));
    expect(blocks).toHaveLength(3);
    expect(problem).toMatchObject({
      kind: 'trailing-bytes',
      message: '2 bytes follow the last whole block, too few for another',
    });
  });

  it.each([
    ['more bytes than any alert', varint(1), varint(2 ** 40), 'claims 1 records in 1099511627776 bytes'],
    ['a negative number of records', varint(-1), varint(4), 'claims -1 records in 4 bytes'],
    ['a negative number of bytes', varint(1), varint(-4), 'claims 1 records in -4 bytes'],
  ])('that claim %s are damaged', (_, count, size, message) => {
    const header = containerHeader(JSON.stringify(schema));
    const { problem } = read(Buffer.concat([header, count, size, Buffer.alloc(4), SYNC]));
    expect(problem).toMatchObject({ kind: 'corrupt', message: `the block at byte ${header.length} ${message}` });
  });

  it('of an unknown codec are refused by its name', () => {
    const { problem } = read(Buffer.concat([containerHeader(JSON.stringify(schema), 'zstandard'), blockOf(1, SYNC)]));
    expect(problem).toMatchObject({
      kind: 'schema',
      message: 'codec "zstandard" is not known; null, deflate and snappy are',
    });
  });

  it('that would grow beyond all bounds when decompressed are damaged, not an end of the memory', () => {
    const megabyte = deflateRawSync(Buffer.alloc(1024 * 1024), { finishFlush: constants.Z_FULL_FLUSH });
    const bomb = Buffer.concat(Array.from({ length: 257 }, () => megabyte));
    const block = Buffer.concat([varint(1), varint(bomb.length), bomb, SYNC]);
    const { blocks, problem } = read(Buffer.concat([containerHeader(JSON.stringify(schema), 'deflate'), block]));
    expect(blocks).toEqual([]);
    expect(problem).toMatchObject({ kind: 'corrupt' });
    expect(problem?.message).toMatch(/^the deflate data of the block at byte \d+ is damaged: RangeError/);
  });

  it('that claim to grow beyond all bounds with snappy are damaged before any memory is taken', () => {
    const claim = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0, 0, 0, 0, 0]);
    const block = Buffer.concat([varint(1), varint(claim.length), claim, SYNC]);
    const { problem } = read(Buffer.concat([containerHeader(JSON.stringify(schema), 'snappy'), block]));
    expect(problem?.message).toContain('uncompressed length of 2147483647 is too big');
  });
});
