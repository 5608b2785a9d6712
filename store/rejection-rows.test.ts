import { Binary } from 'mongodb';
import { doubleBytes, doublesOf, rejectedRows, RejectionTable } from './rejection-rows.js';

const all = new Set(Array.from({ length: 100_000 }, (_, row) => row));

describe('the rejections of a channel', () => {
  it('come back as they were, each reason, field and limit stored once', () => {
    const table = new RejectionTable();
    table.add(0, { accepted: false, reason: 'rb', field: 'rb', value: 0.12, limit: 0.3 });
    table.add(1, { accepted: false, reason: 'isNone', field: 'drb' });
    table.add(70_000, { accepted: false, reason: 'rb', field: 'rb', value: -0, limit: 0.3 });
    const rows = table.toRows();
    expect(rows.map(({ reason, count }) => [reason, count])).toEqual([
      ['rb', 2],
      ['isNone', 1],
    ]);
    expect(rejectedRows(rows, all)).toEqual([
      { row: 0, why: { reason: 'rb', field: 'rb', value: 0.12, limit: 0.3 } },
      { row: 70_000, why: { reason: 'rb', field: 'rb', value: -0, limit: 0.3 } },
      { row: 1, why: { reason: 'isNone', field: 'drb' } },
    ]);
  });

  it('keep apart what one reason asks of two fields, or with two limits', () => {
    const table = new RejectionTable();
    table.add(0, { accepted: false, reason: 'tSpan', field: 'jd', value: 1, limit: 2 });
    table.add(1, { accepted: false, reason: 'tSpan', field: 'jd', value: 9, limit: 5 });
    table.add(2, { accepted: false, reason: 'tSpan', field: 'jdendhist', value: 9, limit: 5 });
    expect(rejectedRows(table.toRows(), all).map(({ why }) => [why.field, why.limit])).toEqual([
      ['jd', 2],
      ['jd', 5],
      ['jdendhist', 5],
    ]);
  });

  it('may have text, null and NaN for values', () => {
    const table = new RejectionTable();
    table.add(0, { accepted: false, reason: 'isdiffpos', field: 'isdiffpos', value: 'f', limit: 't' });
    table.add(1, { accepted: false, reason: 'drb', field: 'drb', value: null, limit: 0.5 });
    table.add(2, { accepted: false, reason: 'rb', field: 'rb', value: Number.NaN, limit: 0.3 });
    expect(rejectedRows(table.toRows(), all).map(({ why }) => why.value)).toEqual(['f', null, Number.NaN]);
  });

  it('are those of the rows that are asked for', () => {
    const table = new RejectionTable();
    for (let row = 0; row < 10; row++) table.add(row, { accepted: false, reason: 'rb', value: row / 10, limit: 1 });
    expect(rejectedRows(table.toRows(), new Set([3, 7, 12])).map(({ row, why }) => [row, why.value])).toEqual([
      [3, 0.3],
      [7, 0.7],
    ]);
  });
});

describe('doubles in a document', () => {
  it('are read from bytes at any place of a buffer', () => {
    const bytes = doubleBytes([2458349.64762, -0, 1e-300]).value();
    const shifted = Buffer.concat([Buffer.from([1]), bytes]).subarray(1);
    expect([...doublesOf(new Binary(shifted))]).toEqual([2458349.64762, -0, 1e-300]);
  });
});
