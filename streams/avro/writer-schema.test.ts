import { join } from 'node:path';
import avsc, { type schema } from 'avsc';
import { blockOf, encode, varint } from '../../test/avro-container.js';
import { problemOf } from '../../test/problem-of.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { readArchive } from '../archive/archive.js';
import { isBad } from '../packet.js';
import { parseWriterSchema, type RecordDecoder, type Selection, type WriterSchema } from './writer-schema.js';

const point: schema.RecordType = {
  type: 'record',
  name: 'point',
  fields: [
    { name: 'jd', type: 'double' },
    { name: 'candid', type: ['long', 'null'] },
    { name: 'ssnamenr', type: ['string', 'null'] },
  ],
};
const alert: schema.RecordType = {
  type: 'record',
  name: 'alert',
  namespace: 'ztf',
  fields: [
    { name: 'objectId', type: 'string' },
    { name: 'candid', type: 'long' },
    { name: 'points', type: [{ type: 'array', items: point }, 'null'] },
    { name: 'stamp', type: ['bytes', 'null'] },
  ],
};
const points = [
  { jd: 2458426.75, candid: '673285273115015035', ssnamenr: 'Ceres' },
  { jd: 2458423.75, candid: null, ssnamenr: null },
];
const record = { objectId: 'ZTF18abxhyqv', candid: '673285273115015035', points, stamp: Buffer.from('SIMPLE') };

describe('a writer schema', () => {
  it('names its record, its fields and the types of the fields of a part', () => {
    const schema = parseWriterSchema(JSON.stringify(alert));
    expect(schema.rootName).toBe('ztf.alert');
    expect(schema.rootFields).toEqual(['objectId', 'candid', 'points', 'stamp']);
    expect([...schema.fieldTypes('points')]).toEqual([
      ['jd', ['double']],
      ['candid', ['long', 'null']],
      ['ssnamenr', ['string', 'null']],
    ]);
    expect([...schema.fieldTypes('stamp')]).toEqual([]);
    expect(schema.repaired).toEqual([]);
  });

  it('is read although its defaults fit not the first branch, as in all of ZTF, and says which fields that are', () => {
    const faulty = {
      ...alert,
      fields: [
        { name: 'rb', type: ['float', 'null'], default: null },
        { name: 'nbad', type: ['null', 'int'], default: 0 },
        { name: 'drb', type: ['null', 'float'], default: null },
        { name: 'points', type: { type: 'array', items: { ...point, fields: [{ ...FAULTY }] } } },
      ],
    };
    const schema = parseWriterSchema(JSON.stringify(faulty));
    expect(schema.repaired).toEqual(['rb', 'nbad', 'magdiff']);
    const bytes = Buffer.from([0, 0, 0, 0x40, 0x3f, 2, 6, 0, 0]);
    const decoded = schema.decoder({ rb: true, nbad: true, drb: true })(bytes, 0);
    expect(decoded).toEqual({ value: { rb: 0.75, nbad: 3, drb: null }, offset: bytes.length });
  });

  it.each([
    ['no JSON', 'objectId: string', /^the schema is not JSON: /],
    ['nothing', 'null', /^the schema is null, expected a type$/],
    ['a number', '13', /^the schema is 13, expected a type$/],
    ['no type', '{}', /^the schema is not valid Avro: /],
    [
      'an unknown type',
      '{"type":"record","name":"alert","fields":[{"name":"jd","type":"julian"}]}',
      /undefined type name: julian/,
    ],
    [
      'a field twice',
      '{"type":"record","name":"a","fields":[{"name":"jd","type":"int"},{"name":"jd","type":"int"}]}',
      /duplicate.*jd/,
    ],
  ])('that is %s is refused in a few words', (_, json, message) => {
    const problem = problemOf(() => parseWriterSchema(json));
    expect(problem.kind).toBe('schema');
    expect(problem.message).toMatch(message);
  });

  it('that is wrong and long is not printed whole', () => {
    const json = JSON.stringify({ type: 'array', doc: 'x'.repeat(10_000) });
    expect(problemOf(() => parseWriterSchema(json)).message).toMatch(/^.{50,250}…$/);
  });
});

const FAULTY = { name: 'magdiff', type: ['float', 'null'], default: null };

describe('a decoder of records', () => {
  const schema = parseWriterSchema(JSON.stringify(alert));
  const bytes = encode(alert, record);

  it('gives 64-bit ids exactly, as decimal strings', () => {
    const ids = parseWriterSchema(JSON.stringify({ type: 'array', items: 'long' })).decoder({});
    const values = ['9223372036854775807', '-9223372036854775808', '9007199254740993', '-3352405322819025', '0'];
    const golden = Buffer.concat([
      varint(values.length),
      // Zig-zag by hand: 2^64 - 2, 2^64 - 1, 2^54 + 2; avsc itself cannot write them.
      Buffer.from('feffffffffffffffff01', 'hex'),
      Buffer.from('ffffffffffffffffff01', 'hex'),
      Buffer.from('8280808080808020', 'hex'),
      avsc.Type.forSchema('long').toBuffer(-3352405322819025),
      Buffer.from([0, 0]),
    ]);
    expect(ids(golden, 0)).toEqual({ value: values, offset: golden.length });
  });

  it('gives the selected fields only, at any depth, and where the record ends', () => {
    const decoded = schema.decoder({ candid: true, points: { candid: true } })(Buffer.concat([SYNC, bytes, SYNC]), 16);
    expect(decoded).toEqual({
      value: { candid: record.candid, points: [{ candid: '673285273115015035' }, { candid: null }] },
      offset: 16 + bytes.length,
    });
  });

  it('gives nothing where nothing is selected, but still finds the end', () => {
    expect(schema.decoder({})(bytes, 0)).toEqual({ value: {}, offset: bytes.length });
  });

  it('reads a list that was written in several blocks, some with their size', () => {
    const items = points.map((item) => encode(point, item));
    const [first = SYNC, second = SYNC] = items;
    const list = [varint(1), first, varint(-1), varint(second.length), second, varint(0)];
    const blocks = Buffer.concat([encode('string', 'X'), varint(5), varint(0), ...list, varint(1)]);
    expect(schema.decoder({ points: true })(blocks, 0)).toEqual({ value: { points }, offset: blocks.length });
    expect(schema.decoder({ stamp: true })(blocks, 0)).toEqual({ value: { stamp: null }, offset: blocks.length });
  });

  it('tells of a record that ends too early, wherever that is', () => {
    const selections: Selection[] = [{ objectId: true, points: true, stamp: true }, {}];
    for (const selection of selections) {
      const decode = schema.decoder(selection);
      for (let length = 0; length < bytes.length; length++) {
        expect(decode(bytes.subarray(0, length), 0).offset).toBe(-1);
      }
    }
  });

  it.each([
    ['more points than there are bytes', varint(2 ** 40)],
    ['more points than can be counted', Buffer.alloc(200, 0xfe)],
    ['a negative number of them as large', varint(-(2 ** 40))],
  ])('is not kept busy by a damaged count that claims %s', (_, count) => {
    const damaged = Buffer.concat([encode('string', 'X'), varint(5), varint(0), count, Buffer.alloc(100)]);
    expect(schema.decoder({ points: true })(damaged, 0).offset).toBe(-1);
    expect(schema.decoder({ stamp: true })(damaged, 0).offset).toBe(-1);
  });

  it('tells of a branch of a union that does not exist, also in what it skips', () => {
    const damaged = Buffer.concat([encode('string', 'X'), varint(5), varint(7), Buffer.alloc(100)]);
    const selections: Selection[] = [{ points: true }, { stamp: true }];
    for (const selection of selections) {
      const problem = problemOf(() => schema.decoder(selection)(damaged, 0));
      expect(problem.kind).toBe('corrupt');
      expect(problem.message).toMatch(/^the record cannot be decoded: /);
    }
  });

  const SYNC = blockOf(0, Buffer.alloc(0)).subarray(2);
});

describe('a schema that no alert has', () => {
  it('is refused where it has a map: the count of a damaged one would keep the reader busy for years', () => {
    const json = JSON.stringify({
      type: 'record',
      name: 'alert',
      fields: [{ name: 'a', type: { type: 'map', values: 'long' } }],
    });
    expect(problemOf(() => parseWriterSchema(json)).message).toContain('it has a map');
  });
});

describeWithData('decoding a part of a real alert', () => {
  it('gives the same values as decoding all of it, for every schema version since 1.3', async () => {
    const selection = {
      candid: true,
      candidate: { jd: true, rb: true, sgscore1: true, ssnamenr: true, candid: true },
      prv_candidates: { jd: true, candid: true, diffmaglim: true },
    } as const;
    const decoders = new Map<WriterSchema, [whole: RecordDecoder, part: RecordDecoder]>();
    let compared = 0;
    for await (const packet of readArchive([join(sharedData, 'ztf')])) {
      if (isBad(packet)) continue;
      const { schema, record: bytes } = packet;
      const all = Object.fromEntries(schema.rootFields.map((name) => [name, true as const]));
      const [whole, part] = decoders.get(schema) ?? [schema.decoder(all), schema.decoder(selection)];
      decoders.set(schema, [whole, part]);
      const expected = whole(bytes, 0);
      const decoded = part(bytes, 0);
      expect(decoded.offset).toBe(expected.offset);
      expect(JSON.stringify(decoded.value)).toBe(JSON.stringify(picked(expected.value, selection)));
      compared++;
    }
    expect(compared).toBeGreaterThan(400);
  });
});

/** The members of a value that are selected; what it does not have is absent. */
function picked(value: unknown, selection: object): unknown {
  if (Array.isArray(value)) return value.map((item) => picked(item, selection));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name in selection);
  return Object.fromEntries(
    entries.map(([name, member]): [string, unknown] => {
      const inside: unknown = Reflect.get(selection, name);
      return [name, typeof inside === 'object' && inside !== null ? picked(member, inside) : member];
    }),
  );
}
