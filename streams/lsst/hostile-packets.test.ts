import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { EARLIER, FORCED, LIMIT, lsstPacket, SS_OBJECT } from '../../test/lsst-packet.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { varint } from '../../test/avro-container.js';
import { readConfluentFrame } from '../avro/confluent-frame.js';
import { containerItems } from '../avro/container-records.js';
import { readLocalSchemas } from '../avro/local-schemas.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { Unreadable } from '../avro/unreadable.js';
import type { WriterSchema } from '../avro/writer-schema.js';
import { lsst } from './survey.js';

interface Encoded {
  readonly schema: WriterSchema;
  readonly record: Buffer;
}

/** One damage: bytes in place of others, at a part of the packet's length. */
interface Damage {
  readonly at: number;
  readonly removed: number | 'as many';
  readonly put: Uint8Array;
}

/** Lengths and union branches that no packet has: -1, 2^31, 2^53, 2^62, and a number that never ends. */
const ABSURD = [
  ...[-1, -64, 3, 2 ** 31, 2 ** 40, 2 ** 52].map((value) => varint(value)),
  Buffer.from('ffffffffffffffff7f', 'hex'),
  Buffer.alloc(32, 0xff),
];

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.oneof(fc.constant('as many' as const), fc.constant(0), fc.constant(1), fc.integer({ min: 1, max: 2000 })),
  put: fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constantFrom(...ABSURD), fc.constant(Buffer.alloc(9))),
});

const read = lsst.screenReader({ candidate: ['reliability', 'snr'], history: ['psfFlux', 'band'] });
/** Generous on a busy machine: a packet takes a millisecond. */
const TIME_LIMIT_MS = 2_000;

function damaged(record: Buffer, damages: readonly Damage[]): Buffer {
  return damages.reduce((bytes, { at, removed, put }) => {
    const start = Math.floor(at * bytes.length);
    return Buffer.concat([
      bytes.subarray(0, start),
      put,
      bytes.subarray(start + (removed === 'as many' ? put.length : removed)),
    ]);
  }, record);
}

/** Kind of the problem, or what the alert was; anything but `Unreadable` is a crash. */
function outcomeOf(readPacket: () => unknown): string {
  const startMs = performance.now();
  try {
    readPacket();
    return 'alert';
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    expect(error.message.length).toBeLessThan(500);
    return error.kind;
  } finally {
    expect(performance.now() - startMs).toBeLessThan(TIME_LIMIT_MS);
  }
}

function readWhole(packet: Encoded): void {
  const { jd, datapoints, objectId, alertId } = lsst.readAlert(packet);
  for (const { id } of datapoints) expect(id).toMatch(/^-?\d{1,19}$/);
  expect([jd > 2_447_000, jd < 2_489_000, /^-?\d+$/.test(objectId), /^-?\d+$/.test(alertId)]).toEqual(
    Array(4).fill(true),
  );
  expect(lsst.filterInput({ objectId: '1', candidate: {}, datapoints }, ['LSST'])?.history.length).toBeLessThan(
    datapoints.length,
  );
}

/** Reads many damaged copies of these packets; how often each outcome came. */
function outcomesOf(packets: readonly Encoded[], numRuns: number, seed: number): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (outcome: string): unknown => counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  fc.assert(
    fc.property(fc.constantFrom(...packets), fc.array(damage, { minLength: 1, maxLength: 4 }), (packet, damages) => {
      const bad = { ...packet, record: damaged(packet.record, damages) };
      count(
        outcomeOf(() => {
          readWhole(bad);
        }),
      );
      outcomeOf(() => read(bad).view(['LSST']));
    }),
    { numRuns, seed },
  );
  return counts;
}

describe('damaged LSST packets', () => {
  const packets = [
    lsstPacket({ sources: [EARLIER, EARLIER], forced: [FORCED, FORCED], limits: [LIMIT] }),
    lsstPacket({ object: null, ssObject: SS_OBJECT }),
  ];

  it('are alerts or unreadable, 3000 of them: no crash, no hang', () => {
    const counts = outcomesOf(packets, 3_000, 703);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(3_000);
    expect([...counts.keys()]).toEqual(expect.arrayContaining(['alert', 'corrupt', 'trailing-bytes', 'truncated']));
  });

  it('of sound bytes with absurd values are alerts or unreadable, 1000 of them', () => {
    const counts = new Map<string, number>();
    const number = fc.oneof(fc.double(), fc.constantFrom(61000.25, 0, -1, 1e300, NaN, Infinity));
    const id = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
    const band = fc.oneof(fc.constantFrom('g', 'Y', null, ''), fc.string({ unit: 'binary', maxLength: 40 }));
    const values = fc.record(
      { midpointMjdTai: number, ra: number, dec: number, psfFlux: fc.float(), visit: id, diaSourceId: id, band },
      { requiredKeys: [] },
    );
    const object = fc.option(fc.record({ diaObjectId: id, radecMjdTai: number, nDiaSources: fc.integer() }));
    const property = fc.property(values, values, object, (source, earlier, diaObject) => {
      const packet = lsstPacket({ source, sources: [{ ...EARLIER, ...earlier }], object: diaObject });
      const outcome = outcomeOf(() => {
        readWhole(packet);
      });
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      outcomeOf(() => read(packet).view(['LSST']));
    });
    fc.assert(property, { numRuns: 1_000, seed: 909 });
    expect([...counts.keys()].sort()).toEqual(['absurd-field', 'alert', 'missing-field']);
  });

  it('end early at every byte without an alert', () => {
    for (const { schema, record } of packets) {
      for (let length = 0; length < record.length; length++) {
        const outcome = outcomeOf(() => lsst.readAlert({ schema, record: record.subarray(0, length) }));
        expect([length, outcome]).not.toEqual([length, 'alert']);
      }
    }
  });

  it('have every byte flipped without a crash', () => {
    for (const { schema, record } of packets) {
      for (let index = 0; index < record.length; index++) {
        const flipped = Buffer.from(record);
        flipped.writeUInt8(flipped.readUInt8(index) ^ 0xff, index);
        outcomeOf(() => {
          readWhole({ schema, record: flipped });
        });
      }
    }
  });
});

describeWithData('damaged packets of the LSST stream', () => {
  const folder = join(sharedData, 'lsst');
  const message = readFileSync(join(folder, 'real/confluent_id703_v7.3_3527242430321524769.avro'));
  const schemas = readLocalSchemas(join(folder, 'schema/alert_packet_schemas.tar.gz'));
  const simulated = [...containerItems(readFileSync(join(folder, 'ampel/11290844.avro')), new SchemaCache())];

  it('are alerts or unreadable, 1500 of one with its cutouts and three with their forced photometry', async () => {
    const { record } = readConfluentFrame(message);
    const real = { schema: (await schemas).schema(703), record };
    const packets = simulated.flatMap((item) => ('problem' in item ? [] : [item]));
    expect(packets).toHaveLength(3);
    const counts = outcomesOf([real, ...packets], 1_500, 742);
    expect([...counts.keys()]).toEqual(expect.arrayContaining(['alert', 'truncated']));
  });

  it('name a schema of their own, and are refused where nobody knows it or it is another', async () => {
    const known = await schemas;
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...known.ids), fc.integer({ min: 0, max: 1200 }), fc.nat()), (id) => {
        const renamed = Buffer.from(message);
        renamed.writeUInt32BE(id, 1);
        const outcome = outcomeOf(() => {
          const { schemaId, record } = readConfluentFrame(renamed);
          lsst.readAlert({ schema: known.schema(schemaId), record });
        });
        outcomes.add(outcome);
        expect(outcome === 'alert').toBe(id === 703);
      }),
      { numRuns: 500, seed: 703 },
    );
    expect(outcomes.has('schema')).toBe(true);
  });
});
