import { problemOf } from '../../test/problem-of.js';
import { SchemaCache } from './schema-cache.js';

const schema = (name: string): Buffer =>
  Buffer.from(JSON.stringify({ type: 'record', name, fields: [{ name: 'candid', type: 'long' }] }));

describe('the cache of writer schemas', () => {
  it('compiles a schema once, however many packets carry it and whatever comes between', () => {
    const cache = new SchemaCache();
    const first = cache.get(schema('alert'));
    expect(cache.get(schema('alert'))).toBe(first);
    const other = cache.get(schema('forced'));
    expect(other).not.toBe(first);
    expect(cache.get(schema('alert'))).toBe(first);
    expect(cache.get(schema('forced'))).toBe(other);
  });

  it('keeps no view on the packet that a schema came with', () => {
    const cache = new SchemaCache();
    const packet = Buffer.concat([Buffer.from('Obj\x01'), schema('alert')]);
    const first = cache.get(packet.subarray(4));
    packet.fill(0);
    expect(cache.get(schema('alert'))).toBe(first);
  });

  it('keeps the schemas in use, and no more than anyone can make up', () => {
    const cache = new SchemaCache();
    const alert = cache.get(schema('alert'));
    const once = cache.get(schema('made_up_0'));
    for (let i = 0; i < 200; i++) {
      cache.get(schema(`made_up_${i}`));
      expect(cache.get(schema('alert'))).toBe(alert);
    }
    expect(cache.get(schema('made_up_0'))).not.toBe(once);
  });

  it('tells of a damaged schema each time, and of no other for it', () => {
    const cache = new SchemaCache();
    const damaged = Buffer.from('{"type":"rec');
    const first = problemOf(() => cache.get(damaged));
    expect(first.kind).toBe('schema');
    expect(problemOf(() => cache.get(damaged))).toEqual(first);
    expect(cache.get(schema('alert')).rootName).toBe('alert');
  });
});
