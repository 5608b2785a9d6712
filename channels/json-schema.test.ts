import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';
import { z } from 'zod';
import { NOVAE, units } from '../test/novae-channel.js';
import { loadRegistry } from '../units/registry.js';
import { channelJsonSchema, type JsonSchema } from './json-schema.js';

const folder = import.meta.dirname;

function accepts(schema: JsonSchema, value: unknown): boolean {
  const ajv = new Ajv({ strict: false });
  ajvFormats.default(ajv);
  return ajv.compile(schema)(value);
}

const filterDefinition = z.object({ definitions: z.object({ filter: z.object({ allOf: z.array(z.unknown()) }) }) });

describe('the JSON Schema of channel files', () => {
  const schema = channelJsonSchema(units);

  it('accepts a good channel', () => {
    expect(accepts(schema, parse(NOVAE))).toBe(true);
  });

  it.each([
    ['a misspelt key', 'stream: ztf', 'strem: ztf'],
    ['an unknown filter', 'BrightFilter', 'DarkFilter'],
    ['a T2 unit as filter', 'BrightFilter', 'T2CountPoints'],
    ['a misspelt cut', 'min_ndet', 'min_nde'],
    ['a cut of another type', 'min_ndet: 2', 'min_ndet: two'],
    ['no config where the unit needs one', '  config:\n    min_ndet: 2\n', ''],
    ['a wait without its unit', '3 nights', '3'],
    ['an unknown data right', 'ZTF_PUB', 'ZTF_PARTNERSHIP'],
    ['no data right', '[ZTF_PUB]', '[]'],
    ['a misspelt trigger', '{ result: T2CountPoints }', 'acepted'],
    ['a trigger by a result that no unit gives', '{ result: T2CountPoints }', '{ result: T2CountStars }'],
  ])('does not accept %s', (_what, from, to) => {
    expect(NOVAE).toContain(from);
    expect(accepts(schema, parse(NOVAE.replace(from, to)))).toBe(false);
  });

  it.each([
    ['an expression', '{ expression: candidate.rb > 0.5, reason: bogus }'],
    [
      'filters combined',
      '{ any: [{ unit: BrightFilter, config: { min_ndet: 1 }, group: 1 }, { not: { expression: "false" } }] }',
    ],
    ['a filter for each survey', '{ ztf: { expression: "true" }, lsst: { expression: "false" } }'],
  ])('accepts %s', (_what, filter) => {
    const t0: unknown = parse(filter);
    const channel = z.record(z.string(), z.unknown()).parse(parse(NOVAE));
    expect(accepts(schema, { ...channel, t0 })).toBe(true);
    expect(accepts(schema, { ...channel, t0: { unit: 'BrightFilter', ...z.object({}).loose().parse(t0) } })).toBe(
      false,
    );
  });

  it('tells an editor what each unit and cut is', () => {
    expect(filterDefinition.parse(schema).definitions.filter.allOf).toMatchObject([
      {
        then: { properties: { unit: { description: 'Takes bright transients.' }, config: { required: ['min_ndet'] } } },
      },
    ]);
  });

  it('is of draft 7, which YAML language servers know', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  });
});

describe('channel.schema.json', () => {
  it('is up to date with the units; if not: ampel channel schema > channels/channel.schema.json', async () => {
    const committed: unknown = JSON.parse(await readFile(join(folder, 'channel.schema.json'), 'utf8'));
    expect(committed).toEqual(channelJsonSchema(await loadRegistry()));
  });

  it('accepts the example, which refers to it', async () => {
    const example = await readFile(join(folder, 'HU_RAPID.yaml'), 'utf8');
    expect(example).toContain('$schema=./channel.schema.json');
    expect(accepts(channelJsonSchema(await loadRegistry()), parse(example))).toBe(true);
  });
});
