import { z } from 'zod';
import type { Unit } from '../units/define.js';
import { channelFile, filterUse, resultTrigger, ruleUse, t2Use } from './channel-file.js';
import type { KnownUnits } from './check-units.js';

/** JSON Schema, draft 7: the draft that editors know. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schema of a channel file, for completion and hints in an editor: which units there are, and for each the
 * keys of its config. What needs a look at two places of the file (`when: {result}` names a unit of `t2`) is left to
 * `checkChannel`.
 */
export function channelJsonSchema(known: KnownUnits): JsonSchema {
  return z.toJSONSchema(channelFile, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === filterUse) addUnits(jsonSchema, unitsOf('t0', known));
      if (zodSchema === t2Use) addUnits(jsonSchema, unitsOf('t2', known));
      if (zodSchema === ruleUse) addUnits(jsonSchema, unitsOf('t3', known));
      if (zodSchema === resultTrigger) addNames(jsonSchema, 'result', unitsOf('t2', known));
    },
  });
}

function unitsOf(tier: Unit['tier'], known: KnownUnits): Unit[] {
  return known.all().filter((unit) => unit.tier === tier);
}

/** Names the units, and for each says what its config is. */
function addUnits(schema: z.core.JSONSchema.BaseSchema, units: readonly Unit[]): void {
  addNames(schema, 'unit', units);
  schema.allOf = units.map(({ name, summary, config }) => {
    const configSchema = z.toJSONSchema(config, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
    // Only the root says which draft it is.
    delete configSchema.$schema;
    const then: JsonSchema = { type: 'object', properties: { unit: { description: summary }, config: configSchema } };
    if (configSchema.required !== undefined) then.required = ['config'];
    return { if: { properties: { unit: { const: name } }, required: ['unit'] }, then };
  });
}

function addNames(schema: z.core.JSONSchema.BaseSchema, key: string, units: readonly Unit[]): void {
  const property = schema.properties?.[key];
  if (typeof property === 'object') property.enum = units.map((unit) => unit.name);
}
