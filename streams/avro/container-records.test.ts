import type { schema } from 'avsc';
import { blockOf, containerHeader, containerOf, encode } from '../../test/avro-container.js';
import { ztfContainer, ztfRecord, ztfSchema } from '../../test/ztf-packet.js';
import { SchemaCache } from './schema-cache.js';
import { containerItems, type ContainerItem } from './container-records.js';

const names = ['ZTF18aaaaaaa', 'ZTF18aaaaaab', 'ZTF18aaaaaac'];
const alert: schema.RecordType = { type: 'record', name: 'alert', fields: [{ name: 'objectId', type: 'string' }] };
const records = names.map((objectId) => ({ objectId }));

function itemsOf(container: Buffer): ContainerItem[] {
  return [...containerItems(container, new SchemaCache())];
}

/** Object name of each record, kind of each problem. */
function told(items: readonly ContainerItem[]): string[] {
  return items.map((item) => ('problem' in item ? item.problem.kind : item.record.toString('latin1', 1)));
}

describe('the alerts of a container', () => {
  it.each([1, 2, 3])('are split into single records, %i a block', (recordsPerBlock) => {
    const items = itemsOf(containerOf(alert, records, { recordsPerBlock, codec: 'deflate' }));
    expect(told(items)).toEqual(names);
  });

  it('have one schema object for all containers with the same header', () => {
    const schemas = new SchemaCache();
    const found = [1, 2].flatMap(() => [...containerItems(ztfContainer({}), schemas)]);
    expect(new Set(found.map((item) => 'schema' in item && item.schema)).size).toBe(1);
  });

  it('are a problem where there are none', () => {
    const [item, ...others] = itemsOf(containerOf(alert, []));
    expect(item).toMatchObject({ problem: { kind: 'empty', message: 'the container holds no alerts' } });
    expect(others).toEqual([]);
  });

  it('before the damage stand, and the damaged container is told of once', () => {
    const container = containerOf(alert, records);
    expect(told(itemsOf(container.subarray(0, -1)))).toEqual([...names.slice(0, 2), 'truncated']);
    expect(told(itemsOf(Buffer.concat([container, Buffer.from('\n')])))).toEqual([...names, 'trailing-bytes']);
  });

  it('in a block that claims more or fewer records than it has are told of', () => {
    const bytes = Buffer.concat(records.map((record) => encode(alert, record)));
    const withCount = (count: number): string[] =>
      told(itemsOf(Buffer.concat([containerHeader(JSON.stringify(alert)), blockOf(count, bytes)])));
    expect(withCount(2)).toEqual([...names.slice(0, 2), 'trailing-bytes']);
    expect(withCount(4)).toEqual([...names, 'truncated']);
    expect(withCount(2 ** 50)).toEqual(['corrupt']);
    expect(withCount(0)).toEqual(['trailing-bytes']);
  });

  it('cannot be endless by having no bytes', () => {
    const nothing: schema.RecordType = { type: 'record', name: 'alert', fields: [] };
    const block = blockOf(2 ** 50, Buffer.alloc(0));
    expect(told(itemsOf(Buffer.concat([containerHeader(JSON.stringify(nothing)), block])))).toEqual(['corrupt']);
  });

  it('with a byte changed anywhere never give anything but records and one problem', () => {
    const schema = ztfSchema();
    const history = [{ jd: 2458423.75, fid: 1, pid: '667285273115', programid: 1, diffmaglim: 20.5 }];
    const block = Buffer.concat([1, 2].map(() => encode(schema, ztfRecord({ history }))));
    const header = containerHeader(JSON.stringify(schema));
    const schemas = new SchemaCache();
    const wrong: number[] = [];
    for (let at = 0; at < block.length; at++) {
      for (const change of [0x80, 0x7f]) {
        const changed = Buffer.from(block);
        changed.writeUInt8(changed.readUInt8(at) ^ change, at);
        const items = [...containerItems(Buffer.concat([header, blockOf(2, changed)]), schemas)];
        if (items.length > 3 || items.slice(0, -1).some((item) => 'problem' in item)) wrong.push(at);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('of a damaged container leave its first bytes for the dead letters', () => {
    const container = Buffer.concat([containerOf(alert, records), Buffer.alloc(1100 * 1024, 0xff)]);
    const problem = itemsOf(container).find((item) => 'problem' in item);
    expect(problem?.bytes.equals(container.subarray(0, 1024 * 1024))).toBe(true);
  });
});
