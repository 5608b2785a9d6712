import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avsc from 'avsc';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { packetSchema } from './packet-schema.js';

interface SchemaNode {
  readonly type?: unknown;
  readonly items?: unknown;
  readonly namespace?: string;
  readonly name?: string;
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[];
}

/** Names, types and order of a schema: what a reader meets on the wire. `named` are the records met or known so far. */
function wireForm(node: unknown, named: Map<string, unknown>): unknown {
  if (typeof node === 'string') return named.has(node) ? wireForm(named.get(node), named) : node;
  if (Array.isArray(node)) return node.map((branch) => wireForm(branch, named));
  const { type, items, fields, namespace, name } = node as SchemaNode;
  if (items !== undefined) return { array: wireForm(items, named) };
  if (fields === undefined) return wireForm(type, named);
  named.set(`${namespace ?? ''}.${name ?? ''}`, node);
  return { record: name, fields: fields.map((field) => [field.name, wireForm(field.type, named)]) };
}

describe('the packet schema', () => {
  it('is valid Avro, unlike the official one with its null defaults', () => {
    expect(avsc.Type.forSchema(packetSchema()).name).toBe('ztf.alert');
  });
});

describeWithData('the packet schema beside the official one', () => {
  it('has the same fields with the same types in the same order as ZTF 3.3', () => {
    const official = new Map<string, unknown>();
    for (const name of ['alert', 'candidate', 'prv_candidate', 'cutout']) {
      const path = join(sharedData, 'ztf', 'schema', '3.3', `${name}.avsc`);
      official.set(`ztf.alert.${name}`, JSON.parse(readFileSync(path, 'utf8')));
    }
    const expected = wireForm(official.get('ztf.alert.alert'), official);
    expect(JSON.stringify(expected)).toContain('sgscore1');
    expect(wireForm(packetSchema(), new Map())).toEqual(expected);
  });
});
