import { z } from 'zod';
import type { Unit } from '../units/define.js';
import { ACCESS_TAGS, channelFile, t0, t2Use } from './channel-file.js';
import type { KnownUnits } from './check-units.js';
import { resultTrigger, ruleUse } from './rule-file.js';

/** JSON Schema, draft 7: the draft that editors know. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schema of a channel file, for completion and hints in an editor: which units there are, and for each the
 * keys of its config. What needs a look at two places of the file (`when: {result}` names a unit of `t2`) is left to
 * `checkChannel`.
 */
export function channelJsonSchema(known: KnownUnits): JsonSchema {
  const schema = z.toJSONSchema(channelFile, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === t0) Object.assign(jsonSchema, filtersSchema());
      if (zodSchema === t2Use) addUnits(jsonSchema, unitsOf('t2', known));
      if (zodSchema === ruleUse) addUnits(jsonSchema, unitsOf('t3', known));
      if (zodSchema === resultTrigger) addNames(jsonSchema, 'result', unitsOf('t2', known));
    },
  });
  return { ...schema, definitions: { filter: filterSchema(known) } };
}

const FILTER = { $ref: '#/definitions/filter' };

/** One filter for all surveys, or one for each. */
function filtersSchema(): z.core.JSONSchema.BaseSchema {
  const surveys = Object.keys(ACCESS_TAGS);
  const properties = Object.fromEntries(surveys.map((survey) => [survey, FILTER]));
  return { anyOf: [FILTER, { type: 'object', properties, additionalProperties: false, minProperties: 1 }] };
}

/** A filter by unit, by expression, or combined from others. */
function filterSchema(known: KnownUnits): z.core.JSONSchema.BaseSchema {
  const schema: z.core.JSONSchema.BaseSchema = {
    type: 'object',
    properties: {
      unit: { type: 'string', description: 'name of the filter, see `ampel unit list`' },
      config: { type: 'object', description: 'config of the unit, by key' },
      expression: { type: 'string', description: 'CEL, such as: rb > 0.5 && magpsf < 19' },
      reason: { type: 'string', description: 'of an expression: the name of its rejections' },
      all: { type: 'array', items: FILTER, minItems: 2, description: 'accepts what all of these accept' },
      any: { type: 'array', items: FILTER, minItems: 2, description: 'accepts what one of these accepts' },
      not: { ...FILTER, description: 'accepts what this one rejects' },
      group: { type: 'integer', minimum: 1, maximum: 255, description: 'selects T2 units and T3 rules' },
    },
    additionalProperties: false,
    oneOf: ['unit', 'expression', 'all', 'any', 'not'].map((form) => ({ required: [form] })),
  };
  addUnits(schema, unitsOf('t0', known));
  return schema;
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
