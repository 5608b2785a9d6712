import { problemOf } from '../../test/problem-of.js';
import { schemaWeight } from './schema-weight.js';
import { parseWriterSchema } from './writer-schema.js';

const record = (name: string, types: readonly unknown[]): Record<string, unknown> => ({
  type: 'record',
  name,
  fields: types.map((type, i) => ({ name: `f${i}`, type })),
});

/** `levels` lists inside each other. */
function nested(levels: number): unknown {
  let type: unknown = 'int';
  for (let i = 0; i < levels; i++) type = { type: 'array', items: type };
  return type;
}

/** Thirty records, each with two of the one before: a few lines that stand for 2^30 values. */
function doubled(): Record<string, unknown> {
  const types = Array.from({ length: 30 }, (_, i) => record(`r${i}`, i === 0 ? ['null'] : [`r${i - 1}`, `r${i - 1}`]));
  return record('alert', types);
}

const oneByte = (name: string): unknown => ({ type: 'fixed', name, size: 1 });

describe('the weight of a schema', () => {
  it('is the number of values of a record, wherever its types are defined', () => {
    const point = record('point', ['double', ['null', 'float']]);
    expect(schemaWeight(record('alert', ['string', 'long']))).toBe(3);
    expect(schemaWeight(record('alert', [point, 'point']))).toBe(1 + 1 + 3 + 1 + 3);
    expect(schemaWeight({ ...record('alert', [point, 'ztf.point']), namespace: 'ztf' })).toBe(9);
    expect(schemaWeight('int')).toBe(1);
  });

  it.each([
    ['null for a type', record('alert', ['int', null]), 'has null where a type is expected'],
    ['null in a union', record('alert', [['int', null]]), 'has null where a type is expected'],
    ['null for a field', { ...record('alert', []), fields: [null] }, 'has null where a type is expected'],
    ['null beside a list', { type: 'array', items: 'int', fields: [null] }, 'has null where a type is expected'],
    ['a thousand levels', record('alert', [nested(1_000)]), 'is nested more than 64 levels deep'],
    ['itself inside', record('alert', [['null', 'alert']]), 'has the type alert inside itself'],
    ['names that multiply', doubled(), 'has more than 20000 values in a record'],
    [
      'a union that takes avsc a minute',
      record('alert', [Array.from({ length: 2_000 }, (_, i) => oneByte(`b${i}`))]),
      'has a union of 2000 types, at most 16',
    ],
    ['a name without end', record('alert'.repeat(100), []), 'has a name of 500 letters, at most 200'],
  ])('is refused of a schema with %s, at once and in few words', (_, schema, found) => {
    const startMs = performance.now();
    const problem = problemOf(() => parseWriterSchema(JSON.stringify(schema)));
    expect(problem).toEqual({ kind: 'schema', message: `the schema ${found}, which no alert's does` });
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });
});

describe('a schema that avsc trips over', () => {
  it('because it is nothing but brackets is refused', () => {
    const json = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(problemOf(() => parseWriterSchema(json)).message).toMatch(/^the schema is nested more than 64 levels deep/);
  });

  it.each([
    ['names what every object has', record('alert', ['toString']), /undefined type name: toString/],
    ['has two megabytes', { ...record('alert', []), doc: 'x'.repeat(2e6) }, /bytes, at most 1048576$/],
  ])('because it %s is refused', (_, schema, message) => {
    const problem = problemOf(() => parseWriterSchema(JSON.stringify(schema)));
    expect(problem.kind).toBe('schema');
    expect(problem.message).toMatch(message);
  });

  it.each(['__proto__', 'constructor'])(
    'because of a field or type named %s is refused at the latest when read',
    (name) => {
      const schema = { type: 'record', name: 'alert', fields: [{ name, type: { type: name } }] };
      const read = (): unknown =>
        parseWriterSchema(JSON.stringify(schema)).decoder({ [name]: true })(Buffer.alloc(8), 0);
      expect(problemOf(read).kind).toBe('schema');
    },
  );

  it('because its aliases contradict each other is read: they are for other readers', () => {
    const fields = [
      { name: 'jd', type: 'int', aliases: ['rb'] },
      { name: 'rb', type: 'int', aliases: ['jd'] },
    ];
    const schema = parseWriterSchema(JSON.stringify({ type: 'record', name: 'alert', fields }));
    expect(schema.decoder({ rb: true })(Buffer.of(2, 4), 0)).toEqual({ value: { rb: 2 }, offset: 2 });
  });
});
