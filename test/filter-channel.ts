import { z } from 'zod';
import { FileProblem, type ReadFile } from '../channels/channel-folder.js';
import { checkChannel } from '../channels/check-channel.js';
import type { KnownUnits } from '../channels/check-units.js';
import type { FilterUse } from '../model/channel.js';
import { defineFilter, definePreparedFilter, UnfitConfig } from '../units/define.js';

/** A filter of ZTF alerts with a cut. */
export const BRIGHT = '{ unit: BrightFilter, config: { min_ndet: 2 } }';

const brightFilter = defineFilter({
  ...{ name: 'BrightFilter', version: '2.1.0', surveys: ['ztf'], summary: 'Takes bright transients.' },
  config: z.strictObject({ min_ndet: z.int() }),
  reads: { candidate: ['magpsf'], history: [] },
  reasons: { magpsf: 'too faint' },
  run: () => ({ accepted: true }),
});

const expressionFilter = definePreparedFilter({
  ...{ name: 'ExpressionFilter', version: '1.0.0', summary: 'Takes what is true.', reasons: { expression: 'false' } },
  config: z.strictObject({ expression: z.string(), reason: z.string().optional() }),
  reads: { candidate: [], history: [] },
  bind: ({ expression }) => {
    if (expression !== 'true' && expression !== 'false') {
      throw new UnfitConfig(['expression'], `found "${expression}", expected true or false`);
    }
    return () => (expression === 'true' ? { accepted: true } : { accepted: false, reason: 'expression' });
  },
});

const listFilter = definePreparedFilter({
  ...{ name: 'ListFilter', version: '1.0.0', summary: 'Takes what is listed.', reasons: { notListed: 'not listed' } },
  config: z.strictObject({ file: z.string() }),
  reads: { candidate: [], history: [] },
  files: ({ file }) => [file],
  bind: ({ file }, { files }) => {
    const names = Buffer.from(files.get(file) ?? []).toString();
    if (names === '') throw new UnfitConfig(['file'], `${file} is empty`);
    return ({ objectId }) => (names.includes(objectId) ? { accepted: true } : { accepted: false, reason: 'notListed' });
  },
});

export const filterUnits: KnownUnits = { all: () => [brightFilter, expressionFilter, listFilter] };

const FILES: Readonly<Record<string, string>> = { 'stars.csv': 'Vega', 'quasars.csv': '3C273', 'empty.csv': '' };

const readFile: ReadFile = (name) => {
  const text = FILES[name];
  if (text === undefined) throw new FileProblem('is not there');
  return Buffer.from(text);
};

function check(rest: string, head: string): ReturnType<typeof checkChannel> {
  return checkChannel(`name: WATCH\nversion: 1.0.0\n${head}\n${rest}\n`, 'WATCH.yaml', filterUnits, readFile);
}

/** What is wrong with a channel that ends so, as `place: message`. */
export function errorsIn(rest: string, head = 'stream: ztf'): string[] {
  const checked = check(rest, head);
  return checked.ok ? [] : checked.errors.map(({ path, message }) => `${path}: ${message}`);
}

/** The filter of a ZTF channel with this `t0`; undefined where it is refused. */
export function filterOf(t0: string): FilterUse | undefined {
  const checked = check(`t0: ${t0}`, 'stream: ztf');
  return checked.ok ? checked.revision.channel.t0['ztf'] : undefined;
}
