import { z } from 'zod';
import type { FilterUse } from '../model/channel.js';
import type { Verdict } from '../model/decision.js';
import { testRegistry, use } from '../test/ready-channel.js';
import { defineFilter, definePreparedFilter } from '../units/define.js';
import { readyFilter } from './ready-filter.js';

/** Decides as its config says, and reads the field that it names. */
const sayFilter = defineFilter({
  ...{ name: 'SayFilter', version: '1.2.0', summary: 'Says what it is told.', reasons: {} },
  config: z.strictObject({ say: z.enum(['yes', 'no', 'missing', 'fail']), group: z.int().optional() }),
  reads: { candidate: ['rb'], history: [] },
  run(_, { say, group }): Verdict {
    if (say === 'fail') throw new TypeError('this filter is broken');
    if (say === 'yes') return { accepted: true, match: 'NGC 4993', ...(group !== undefined && { group }) };
    return { accepted: false, reason: say === 'no' ? 'rb' : 'missing', value: 0.2, limit: 0.5 };
  },
});

const listFilter = definePreparedFilter({
  ...{ name: 'ListFilter', version: '1.0.0', summary: 'Takes what a file says.', reasons: {} },
  config: z.strictObject({ file: z.string() }),
  reads: ({ file }) => ({ candidate: [file], history: [] }),
  files: ({ file }) => [file],
  bind: ({ file }, { files }) => {
    const text = Buffer.from(files.get(file) ?? []).toString();
    return ({ objectId }) => (text.includes(objectId) ? { accepted: true } : { accepted: false, reason: 'notListed' });
  },
});

const registry = testRegistry(sayFilter, listFilter);
const say = (word: string, group?: number): FilterUse =>
  use(sayFilter, { say: word, ...(group !== undefined && { group }) });
const combined = (combine: 'all' | 'any' | 'not', ...filters: FilterUse[]): FilterUse => ({
  ...{ unit: combine, version: '', config: null, configHash: '', combine, filters },
});

function judge(filter: FilterUse, files = new Map<string, Uint8Array>()): Verdict {
  return readyFilter(filter, 'ztf', registry, files).judge({ objectId: 'ZTF18abxhyqv', candidate: {}, history: [] });
}

describe('the filters of a channel', () => {
  it('see nothing of an alert that the channel has no right to', () => {
    expect(readyFilter(say('yes'), 'ztf', registry, new Map()).judge(undefined)).toMatchObject({ reason: 'access' });
  });

  it('accept together what each of them accepts, and reject for the first that does not', () => {
    expect(judge(combined('all', say('yes', 1), say('yes', 2)))).toEqual({
      accepted: true,
      group: 2,
      match: 'NGC 4993; NGC 4993',
    });
    expect(judge(combined('all', say('yes'), say('no'), say('missing')))).toEqual({
      accepted: false,
      reason: 'rb',
      value: 0.2,
      limit: 0.5,
    });
  });

  it('accept what one of several accepts, into its group, and tell what each of them found', () => {
    expect(judge(combined('any', say('no'), { ...say('yes', 1), group: 7 }))).toMatchObject({
      accepted: true,
      group: 7,
    });
    expect(judge(combined('any', say('no'), say('missing')))).toEqual({
      accepted: false,
      reason: 'rb, missing',
      value: 'rb 0.2 (limit 0.5); missing 0.2 (limit 0.5)',
    });
  });

  it('accept what another rejects, but not what that could not judge', () => {
    expect(judge(combined('not', say('no')))).toEqual({ accepted: true });
    expect(judge(combined('not', say('yes')))).toEqual({ accepted: false, reason: 'not SayFilter', value: 'NGC 4993' });
    expect(judge(combined('not', say('missing')))).toMatchObject({ accepted: false, reason: 'missing' });
    expect(judge(combined('not', say('fail')))).toMatchObject({ accepted: false, reason: 'error' });
  });

  it('go on where one of them is broken', () => {
    expect(judge(say('fail'))).toEqual({ accepted: false, reason: 'error', value: 'this filter is broken' });
    expect(judge(combined('any', say('fail'), say('yes')))).toMatchObject({ accepted: true });
  });

  it('accept nothing where this build has no such unit, or the unit does not take the config any more', () => {
    expect(judge({ ...say('yes'), unit: 'GoneFilter' })).toMatchObject({ accepted: false, reason: 'error' });
    expect(judge({ ...say('yes'), config: { say: 'perhaps' } })).toMatchObject({ accepted: false, reason: 'error' });
  });

  it('tell the versions of this build, and the fields that each reads with its config', () => {
    const ready = readyFilter(
      combined(
        'any',
        { ...say('no'), version: '0.9.0' },
        { ...use(listFilter, { file: 'a.csv' }), files: { 'a.csv': 'a' } },
      ),
      'ztf',
      registry,
      new Map([['a', Buffer.from('')]]),
    );
    expect(ready.use.version).toBe('1.2.0, 1.0.0');
    expect(ready.reads.flatMap(({ candidate }) => candidate)).toEqual(['rb', 'a.csv']);
  });

  it('get the files that their config names by the content that the channel was applied with', () => {
    const filter = { ...use(listFilter, { file: 'a.csv' }), files: { 'a.csv': 'hash' } };
    expect(judge(filter, new Map([['hash', Buffer.from('ZTF18abxhyqv')]]))).toEqual({ accepted: true });
    expect(judge(filter)).toMatchObject({ reason: 'error', value: 'a.csv (hash) is not in the store' });
  });
});
