import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { blockOf, containerHeader, varint } from '../../test/avro-container.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { EARLIER, LIMIT, ztfContainer } from '../../test/ztf-packet.js';
import { alertFormat } from '../alert-format.js';
import { containerItems, type AvroRecord } from '../avro/container-records.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { Unreadable } from '../avro/unreadable.js';
import { surveyOf } from '../surveys.js';
import { ztf } from './survey.js';

type Codec = 'null' | 'deflate' | 'snappy';
type Damage = (bytes: Buffer) => Buffer;

/** A whole packet, and what stands in it. */
interface Whole {
  readonly version: string;
  readonly schemaJson: string;
  readonly record: Buffer;
}

/** Lengths, counts and branches of unions that no packet has: negative, beyond the end, beyond any number. */
const ABSURD = [
  ...[-1, -64, 2, 3, 60, 5_000, 1e6, 2 ** 31, 2 ** 40, 2 ** 52].map((value) => varint(value)),
  Buffer.from('feffffffffffffff7f', 'hex'),
  Buffer.alloc(40, 0xff),
];
/** Words of a schema, which damage puts in each other's places. */
const WORDS = [
  ...['"null"', '"double"', '"long"', '"string"', '"bytes"', '"int"', '"record"', '"array"', '"map"', '"type"'],
  ...['"fields"', '"name"', '"items"', '"jd"', '"candid"', '"objectId"', '"magpsf"', '"toString"', '"__proto__"'],
  ...['null', '{}', '[]', '[null]', '0', '{"type":null}', '{', ']', ',', '"ztf.alert"', '"'],
];
/** A packet takes a millisecond, a new schema 20; the machine may be busy. */
const TIME_LIMIT_MS = 3_000;
const MEMORY_LIMIT = 500e6;

/** A place in a packet; `fc.double` has nearly all of its values next to zero. */
const share = fc.integer({ min: 0, max: 999_999 }).map((millionths) => millionths / 1e6);
/** Most of a packet are its stamps, where damage is not seen: the beginning has the measurements. */
const early = share.map((one) => one ** 3);
const anywhere = fc.oneof(
  early,
  early.map((one) => 1 - one),
);

function splice(bytes: Buffer, at: number, removed: number, put: Uint8Array): Buffer {
  const start = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + removed)]);
}

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(anywhere, fc.integer({ min: 1, max: 255 })).map(([at, bits]): Damage => {
    return (bytes) => splice(bytes, at, 1, Buffer.of((bytes[Math.floor(at * bytes.length)] ?? 0) ^ bits));
  }),
  fc.tuple(anywhere, fc.uint8Array({ minLength: 1, maxLength: 12 })).map(([at, put]): Damage => {
    return (bytes) => splice(bytes, at, put.length, put);
  }),
  anywhere.map(
    (share): Damage =>
      (bytes) =>
        bytes.subarray(0, Math.floor(share * bytes.length)),
  ),
  fc.tuple(anywhere, fc.constantFrom(...ABSURD), fc.boolean()).map(([at, put, isInserted]): Damage => {
    return (bytes) => splice(bytes, at, isInserted ? 0 : put.length, put);
  }),
  fc.tuple(anywhere, fc.integer({ min: 1, max: 2_000 })).map(([at, length]): Damage => {
    return (bytes) => splice(bytes, at, length, Buffer.alloc(0));
  }),
  // A part that comes twice, as a transfer repeats it.
  fc.tuple(anywhere, fc.integer({ min: 1, max: 4_000 })).map(([at, length]): Damage => {
    const start = (bytes: Buffer): number => Math.floor(at * bytes.length);
    return (bytes) => splice(bytes, at, 0, bytes.subarray(start(bytes), start(bytes) + length));
  }),
  // Line ends of another system, as the damaged files of the test data have them.
  fc.constant<Damage>((bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\r', ''), 'latin1')),
);
const damages = fc.array(damage, { minLength: 1, maxLength: 4 });
const codecs = fc.constantFrom<Codec>('null', 'deflate', 'snappy');

const apply = (bytes: Buffer, all: readonly Damage[]): Buffer => all.reduce((changed, one) => one(changed), bytes);

function container(schemaJson: string, records: Buffer, codec: Codec, count = 1): Buffer {
  return Buffer.concat([containerHeader(schemaJson, codec), blockOf(count, records, codec)]);
}

/** A schema with some of its words changed: still as long as its header says, so that it gets to be parsed. */
function reworded(json: string, changes: readonly (readonly [number, string])[]): string {
  return changes.reduce((text, [at, word]) => {
    const words = [...text.matchAll(/"\w+"|null|[[\]{}:,]/g)];
    const found = words[Math.floor(at * words.length)];
    if (found === undefined) return text;
    return text.slice(0, found.index) + word + text.slice(found.index + found[0].length);
  }, json);
}

const screen = ztf.screenReader({
  candidate: ['rb', 'magpsf', 'isdiffpos', 'ssnamenr'],
  history: ['jd', 'magpsf', 'candid'],
});

/** Reads a file as a stream does, with schemas that it knows from other packets. */
class Reader {
  readonly outcomes = new Map<string, number>();
  slowestMs = 0;
  private readonly format = alertFormat();

  /** What each packet of the file is: an alert, or the kind of its problem. Whatever else is thrown is a crash. */
  async read(bytes: Buffer): Promise<void> {
    const startMs = performance.now();
    for (const item of await this.format.unpack(bytes)) {
      const outcome = 'problem' in item ? kindOf(item.problem) : this.recordOutcome(item);
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    }
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startMs);
  }

  private recordOutcome(record: AvroRecord): string {
    const packet = { ...record, partition: 'archive', offset: 0, place: 'night.avro' };
    const screened = attempt(() => {
      expect(surveyOf(packet.schema)).toBeDefined();
      const seen = screen(packet);
      return { ...seen, input: seen.view(['ZTF_PUB', 'ZTF_PRIV']) };
    });
    const alert = attempt(() => ztf.readAlert(packet));
    if (alert instanceof Unreadable) return kindOf(alert);
    if (screened instanceof Unreadable) return kindOf(screened);
    const { alertId, objectId, jd, datapoints } = alert;
    // What the screen says of an alert and what the store keeps of it are one alert.
    expect([screened.alertId, screened.objectId, screened.jd]).toEqual([alertId, objectId, jd]);
    for (const { id, body } of datapoints) {
      expect(id).toMatch(/^-?\d{1,19}$/);
      const values = Object.values({ ...body, ...screened.input?.candidate });
      expect(values.filter((value: unknown) => typeof value === 'object' && value !== null)).toEqual([]);
    }
    return 'alert';
  }
}

function attempt<Answer>(read: () => Answer): Answer | Unreadable {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

function kindOf({ kind, message }: Unreadable): string {
  expect(message.length).toBeLessThan(400);
  return kind;
}

/** The packets of all versions, one each. */
function wholePackets(): Whole[] {
  const folder = join(sharedData, 'ztf/by_version');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.avro'))
    .map((file) => {
      const [item] = containerItems(readFileSync(join(folder, file)), new SchemaCache());
      if (item === undefined || 'problem' in item) throw new Error(`${file} is no alert`);
      return { version: file.split('_')[0] ?? '', schemaJson: item.schema.json, record: item.record };
    });
}

describeWithData('damaged packets of ZTF, of versions 1.3 to 4.02', () => {
  const packets = wholePackets();
  const whole = fc.constantFrom(...packets);
  const good = packets.map(({ schemaJson, record }) => container(schemaJson, record, 'null'));

  /** Reads `numRuns` of these files, good ones among them; how often each outcome came. */
  async function outcomesOf(files: fc.Arbitrary<Buffer>, numRuns: number, seed: number): Promise<Map<string, number>> {
    const reader = new Reader();
    const beside = new Reader();
    const before = process.memoryUsage().rss;
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(files, async (file) => {
        await reader.read(file);
        if (++runs % 100 === 0) expect(process.memoryUsage().rss - before).toBeLessThan(MEMORY_LIMIT);
        if (runs % 20 === 0) await beside.read(good[runs % good.length] ?? Buffer.alloc(0));
      }),
      { numRuns, seed, endOnFailure: true },
    );
    expect(reader.slowestMs).toBeLessThan(TIME_LIMIT_MS);
    expect([...beside.outcomes]).toEqual([['alert', Math.floor(numRuns / 20)]]);
    return reader.outcomes;
  }

  it('are thirteen when whole, and all are alerts', () => {
    expect(packets.map(({ version }) => version)).toEqual(
      ['1.3', '1.7', '1.8', '2.0', '3.0', '3.1', '3.2', '3.3', '3.3', '3.5', '4.01', '4.02', '4.02'].map(
        (version) => `v${version}`,
      ),
    );
  });

  it('are alerts or unreadable where the record inside a whole container is damaged, 2000 of them', async () => {
    const files = fc
      .tuple(whole, damages, codecs)
      .map(([{ schemaJson, record }, all, codec]) => container(schemaJson, apply(record, all), codec));
    const outcomes = await outcomesOf(files, 2_000, 180_626);
    expect([...outcomes.keys()].sort()).toEqual(
      expect.arrayContaining(['absurd-field', 'alert', 'corrupt', 'trailing-bytes', 'truncated']),
    );
  });

  it('are alerts or unreadable where the container is damaged, header, lengths and compressed data, 1000 of them', async () => {
    const files = fc
      .tuple(whole, damages, codecs, fc.constantFrom(1, 1, 1, 0, 2, 7, 60_000))
      .map(([{ schemaJson, record }, all, codec, count]) => apply(container(schemaJson, record, codec, count), all));
    const outcomes = await outcomesOf(files, 1_000, 200_101);
    expect([...outcomes.keys()].sort()).toEqual(
      expect.arrayContaining(['alert', 'corrupt', 'not-avro', 'schema', 'trailing-bytes', 'truncated']),
    );
  });

  it('are alerts or unreadable where the schema has other words, 600 of them', async () => {
    const change = fc.tuple(share, fc.constantFrom(...WORDS));
    const files = fc
      .tuple(whole, fc.array(change, { minLength: 1, maxLength: 3 }))
      .map(([{ schemaJson, record }, changes]) => container(reworded(schemaJson, changes), record, 'null'));
    const outcomes = await outcomesOf(files, 600, 231_012);
    expect([...outcomes.keys()].sort()).toEqual(expect.arrayContaining(['alert', 'schema', 'truncated']));
  });
});

describe('a small packet of ZTF', () => {
  const file = ztfContainer({ history: [EARLIER, LIMIT] });

  it('with any byte changed or cut off is an alert or unreadable', async () => {
    const reader = new Reader();
    for (let index = 0; index < file.length; index++) {
      const flipped = Buffer.from(file);
      flipped.writeUInt8(flipped.readUInt8(index) ^ 0x81, index);
      await reader.read(flipped);
      await reader.read(file.subarray(0, index));
    }
    expect(reader.slowestMs).toBeLessThan(TIME_LIMIT_MS);
    expect([...reader.outcomes.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(file.length);
  });
});
