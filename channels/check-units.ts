import { z } from 'zod';
import type { Json } from '../model/canonical-json.js';
import type { UnitUse } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import { nearestName } from '../model/nearest-name.js';
import type { Unit } from '../units/define.js';
import { parseConfig } from '../units/parse-config.js';
import type { YamlPath } from './yaml-path.js';

/** The units there are; `Registry` of `units/registry.ts` is one. */
export interface KnownUnits {
  all(): readonly Unit[];
}

/** Takes note of a fault at a path of the file. */
export type Report = (path: YamlPath, message: string) => void;

const TIERS = {
  t0: { needs: 'a filter', is: 'a filter' },
  t2: { needs: 'a T2 unit', is: 'a T2 unit' },
  t3: { needs: 'a T3 unit', is: 'a T3 unit' },
} as const;

/**
 * Checks `{unit, config}` of a file against the registry. Undefined where it is not to be used: the reason is reported
 * here, or by the file's schema where there is no unit name or the config is no mapping.
 */
export function checkUnitUse(
  use: unknown,
  path: YamlPath,
  tier: Unit['tier'],
  known: KnownUnits,
  report: Report,
): UnitUse | undefined {
  if (!isMapping(use) || typeof use['unit'] !== 'string') return undefined;
  const unit = findUnit(use['unit'], tier, known);
  if (typeof unit === 'string') {
    report([...path, 'unit'], unit);
    return undefined;
  }
  const given = use['config'];
  if (given !== undefined && !isMapping(given)) return undefined;
  const parsed = parseConfig(unit, given);
  if (parsed.ok) {
    const config: Json = z.json().parse(parsed.config);
    return { unit: unit.name, version: unit.version, config, configHash: contentHash(config) };
  }
  if (given === undefined) {
    const needed = new Set(parsed.issues.map((issue) => String(issue.path[0])));
    report([...path, 'config'], `missing, expected ${[...needed].join(', ')} for ${unit.name}`);
  } else {
    for (const issue of parsed.issues) report([...path, 'config', ...issue.path], issue.message);
  }
  return undefined;
}

/** The unit of that name and tier, or what is wrong with the name. */
function findUnit(name: string, tier: Unit['tier'], known: KnownUnits): Unit | string {
  const units = known.all();
  const unit = units.find((one) => one.name === name);
  if (unit?.tier === tier) return unit;
  const needs = `${tier} needs ${TIERS[tier].needs}`;
  const names = units.filter((one) => one.tier === tier).map((one) => one.name);
  const meant = nearestName(name, names);
  const advice = meant === undefined ? `known: ${names.join(', ') || 'none'}` : `did you mean "${meant}"?`;
  if (unit !== undefined) return `${name} is ${TIERS[unit.tier].is}, ${needs}; ${advice}`;
  return `found "${name}", ${needs}; ${advice}`;
}

/** A YAML mapping, as plain values. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
