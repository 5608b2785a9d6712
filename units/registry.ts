import { readdir } from 'node:fs/promises';

import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearestName } from '../model/nearest-name.js';
import type { FilterUnit, T2Unit, T3Unit, Unit } from './define.js';

/** The units there are, by name. A name that is none throws `UnknownUnit`. */
export interface Registry {
  filter(name: string): FilterUnit;
  t2(name: string): T2Unit;
  t3(name: string): T3Unit;
  /** Ascending by name. */
  all(): readonly Unit[];
}

/** A module of a tier's folder with what it exports. */
export interface UnitModule {
  /** For messages: `units/t0/decent-filter.ts`. */
  readonly file: string;
  readonly tier: Unit['tier'];
  readonly exports: Readonly<Record<string, unknown>>;
}

/** No unit of that name and tier. The message names the nearest known one. */
export class UnknownUnit extends Error {
  override readonly name = 'UnknownUnit';
}

const TIERS = ['t0', 't2', 't3'] as const;

let loaded: Promise<Registry> | undefined;

/** The registry of the units beside this file, read once a process. Throws where two units claim a name, or a file is misnamed. */
export function loadRegistry(): Promise<Registry> {
  return (loaded ??= unitModules(dirname(fileURLToPath(import.meta.url))).then(registryOf));
}

/** Checks names and builds the registry. Throws `Error` that says which file to change. */
export function registryOf(modules: readonly UnitModule[]): Registry {
  const fileOf = new Map<string, string>();
  const units: Unit[] = [];
  for (const module of modules) {
    const unit = unitOf(module);
    const other = fileOf.get(unit.name);
    if (other !== undefined) throw new Error(`Two units are named ${unit.name}: ${other} and ${module.file}`);
    fileOf.set(unit.name, module.file);
    units.push(unit);
  }
  units.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    filter: (name) => find(units, 't0', name),
    t2: (name) => find(units, 't2', name),
    t3: (name) => find(units, 't3', name),
    all: () => units,
  };
}

function unitOf({ file, tier, exports }: UnitModule): Unit {
  const units = Object.values(exports).filter(isUnit);
  const [unit] = units;
  if (unit === undefined) {
    throw new Error(`${file} exports no unit: a file of units/${tier} exports one; put what units share in model/`);
  }
  if (units.length > 1) {
    throw new Error(`${file} exports ${units.length} units (${units.map((one) => one.name).join(', ')}): one a file`);
  }
  if (unit.tier !== tier)
    throw new Error(`${file} exports ${unit.name} of tier ${unit.tier}: move it to units/${unit.tier}`);
  const expected = kebabCase(unit.name);
  if (basename(file, extname(file)) !== expected) {
    throw new Error(`${file} exports ${unit.name}: name it ${expected}${extname(file)}`);
  }
  return unit;
}

function isUnit(value: unknown): value is Unit {
  if (typeof value !== 'object' || value === null || !('tier' in value && 'name' in value && 'config' in value))
    return false;
  return TIERS.some((tier) => tier === value.tier) && typeof value.name === 'string';
}

/** `T2LightCurveSummary` → `t2-light-curve-summary`. */
function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

function find<Tier extends Unit['tier']>(
  units: readonly Unit[],
  tier: Tier,
  name: string,
): Extract<Unit, { tier: Tier }> {
  const isOfTier = (unit: Unit): unit is Extract<Unit, { tier: Tier }> => unit.tier === tier;
  const known = units.filter(isOfTier);
  const unit = known.find((one) => one.name === name);
  if (unit !== undefined) return unit;
  throw new UnknownUnit(`There is no ${tier} unit "${name}"; ${hint(units, tier, name)}`);
}

function hint(units: readonly Unit[], tier: Unit['tier'], name: string): string {
  const elsewhere = units.find((one) => one.name === name);
  if (elsewhere !== undefined) return `${name} is of tier ${elsewhere.tier}`;
  const known = units.filter((one) => one.tier === tier).map((one) => one.name);
  const meant = nearestName(name, known);
  return meant === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean "${meant}"?`;
}

async function unitModules(folder: string): Promise<UnitModule[]> {
  const modules: UnitModule[] = [];
  for (const tier of TIERS) {
    for (const file of (await readdir(join(folder, tier))).sort()) {
      if (!/\.[jt]s$/.test(file) || /\.(test|d)\.[jt]s$/.test(file)) continue;
      const exports: unknown = await import(pathToFileURL(join(folder, tier, file)).href);
      modules.push({ file: `units/${tier}/${file}`, tier, exports: typeof exports === 'object' ? { ...exports } : {} });
    }
  }
  return modules;
}
