import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { NOVAE, units } from '../test/novae-channel.js';
import { loadRegistry } from '../units/registry.js';
import { channelJsonSchema, type JsonSchema } from './json-schema.js';

const folder = import.meta.dirname;

const choice = z.object({
  if: z.object({ properties: z.object({ unit: z.object({ const: z.string() }) }) }),
  then: z.custom<JsonSchema>(),
});
const withChoices = z.object({ allOf: z.array(choice) });
const schemaOfTiers = z.object({
  properties: z.object({ t0: withChoices, t2: z.object({ items: withChoices }), t3: z.object({ items: withChoices }) }),
});
const uses = z.object({ unit: z.string() }).loose();
const usesOfTiers = z.object({ t0: uses, t2: z.array(uses), t3: z.array(uses) });

/** Zod reads JSON Schema, but not `if` and `then`: those are followed here, by the name of the unit. */
function accepts(schema: JsonSchema, value: unknown): boolean {
  const text = JSON.stringify(schema, (key, member: unknown) => (key === 'allOf' ? undefined : member));
  const unconditional = z.custom<JsonSchema>().parse(JSON.parse(text));
  if (!z.fromJSONSchema(unconditional).safeParse(value).success) return false;

  const { t0, t2, t3 } = schemaOfTiers.parse(schema).properties;
  const used = usesOfTiers.parse(value);
  const pairs = [
    { choices: t0.allOf, use: used.t0 },
    ...used.t2.map((use) => ({ choices: t2.items.allOf, use })),
    ...used.t3.map((use) => ({ choices: t3.items.allOf, use })),
  ];
  return pairs.every(({ choices, use }) => {
    const chosen = choices.filter((one) => one.if.properties.unit.const === use.unit);
    return chosen.length === 1 && chosen.every((one) => z.fromJSONSchema(one.then).safeParse(use).success);
  });
}

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

  it('tells an editor what each unit and cut is', () => {
    expect(schemaOfTiers.parse(schema).properties.t0.allOf).toMatchObject([
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
