import { CANDID, packetOf } from '../../test/ztf-packet.js';
import { ztf } from '../ztf/survey.js';
import { containerItems } from './container-records.js';
import { oneRecordContainer } from './one-record-container.js';
import { SchemaCache } from './schema-cache.js';

describe('a container of one record', () => {
  it('holds the alert that it was made of', () => {
    const { schema, record, ...place } = packetOf({});
    const [item, ...others] = [...containerItems(oneRecordContainer(schema.json, record), new SchemaCache())];
    if (item === undefined || 'problem' in item) throw new Error('the container cannot be read');
    expect(others).toEqual([]);
    expect(item.record).toEqual(record);
    expect(ztf.readAlert({ ...place, ...item }).alertId).toBe(CANDID);
  });
});
