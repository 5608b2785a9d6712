import { Command } from 'commander';
import { z } from 'zod';
import type { ConfigSchema, FilterReads, FilterUnit, T2Unit, Unit } from '../units/define.js';
import { loadRegistry } from '../units/registry.js';
import { findUnit } from './find-unit.js';
import { printLine, printText } from './json-lines.js';
import { table, type Cell } from './table.js';

/** A key of a unit's config. */
interface ConfigKey {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description?: string;
}

const EXAMPLES = `
Examples:
  $ ampel unit show DecentFilter
  $ ampel unit show DecentFilter --json`;

/** `ampel unit show NAME`: what a unit does and how a channel configures it. */
export function unitShowCommand(): Command {
  return new Command('show')
    .description('Show what a unit does, the keys of its config, and for a filter why it rejects and what it reads')
    .argument('<name>', 'a unit, see "ampel unit list"')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(unitShow);
}

async function unitShow(name: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const unit = findUnit(await loadRegistry(), name);
  if (json) await printLine(described(unit));
  else await printText(textOf(unit));
}

function described(unit: Unit): object {
  const { name, tier, version, summary } = unit;
  const facts = { name, tier, version, summary, config: configKeys(unit.config) };
  switch (unit.tier) {
    case 't0':
      return { ...facts, ...surveys(unit), reasons: unit.reasons, reads: readsText(unit.reads) };
    case 't2':
      return { ...facts, ...surveys(unit), ...t2Facts(unit) };
    case 't3':
      return facts;
  }
}

function textOf(unit: Unit): string {
  const parts = [`${unit.name} ${unit.version} (${unit.tier})\n${unit.summary}`];
  const keys = configKeys(unit.config);
  if (keys.length === 0) parts.push('It has no config.');
  else parts.push(table(['config', 'type', 'default', 'meaning'], keys.map(configRow)));
  if (unit.tier === 't0') {
    parts.push(table(['rejects for', 'meaning'], Object.entries(unit.reasons)));
    const reads = readsText(unit.reads);
    parts.push(typeof reads === 'string' ? `It reads ${reads}.` : table(['reads of', 'fields'], readRows(reads)));
  }
  if (unit.tier === 't2') {
    parts.push(
      table(
        ['it', ''],
        Object.entries(t2Facts(unit)).map(([key, value]) => [key, factText(value)]),
      ),
    );
  }
  return parts.join('\n\n');
}

function surveys({ surveys: names }: FilterUnit | T2Unit): { readonly surveys?: readonly string[] } {
  return names === undefined ? {} : { surveys: names };
}

function readsText(reads: FilterUnit['reads']): FilterReads | string {
  return typeof reads === 'function' ? 'the fields that its config names' : reads;
}

function readRows({ candidate, history }: FilterReads): Cell[][] {
  return [
    ['candidate', candidate.join(', ')],
    ['history', history.join(', ')],
  ];
}

/** What a T2 unit looks at, what it needs, and how it is run. */
function t2Facts({ input, cost, needs, execution }: T2Unit): Readonly<Record<string, unknown>> {
  return { input, cost, ...(needs && { needs }), ...(execution && { execution }) };
}

function factText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function configRow({ key, type, required, default: standard, description }: ConfigKey): Cell[] {
  return [key, type, required ? 'required' : standard === undefined ? '' : JSON.stringify(standard), description];
}

/** The keys at the top of a config, read from the schema's JSON form. */
function configKeys(schema: ConfigSchema): ConfigKey[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([key, property]) => {
    const known = typeof property === 'object' ? property : {};
    return {
      ...{ key, type: typeName(known), required: required.includes(key) },
      ...(known.default === undefined ? {} : { default: known.default }),
      ...(known.description === undefined ? {} : { description: known.description }),
    };
  });
}

/** `number`, `list of string`, `string or null`. */
function typeName(schema: z.core.JSONSchema._JSONSchema): string {
  if (typeof schema === 'boolean') return 'any';
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeName))].join(' or ');
  const { type = 'any', items } = schema;
  if (type === 'array' && items !== undefined && !Array.isArray(items)) return `list of ${typeName(items)}`;
  return [type].flat().join(' or ');
}
