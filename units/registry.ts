import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearestName } from '../model/nearest-name.js';
import { unitFault } from './check-unit.js';
import type { FilterUnit, T2Unit, T3Unit, Unit } from './define.js';
import { readProgramConfig } from './program-config.js';
import { SetupProblem } from './setup-problem.js';
import { TIERS, type UnitModule } from './unit-files.js';
import { packageModules } from './unit-packages.js';

/** The units there are, by name. A name that is none throws `UnknownUnit`. */
export interface Registry {
  filter(name: string): FilterUnit;
  t2(name: string): T2Unit;
  t3(name: string): T3Unit;
  /** Ascending by name. */
  all(): readonly Unit[];
  /** Where a unit comes from: `ampel-temporal`, `./my-units`, `some-package@1.2.0`. */
  from(name: string): string;
}

/** No unit of that name and tier. The message names the nearest known one. */
export class UnknownUnit extends Error {
  override readonly name = 'UnknownUnit';
}

/** What of the registry is our own comes from here. */
export const OWN_PACKAGE = 'ampel-temporal';

let loaded: Promise<Registry> | undefined;

/**
 * The registry of the units beside this file and of those in the packages that the configuration names, read once a process.
 * Throws `SetupProblem` where the user has to mend something, `Error` where a file of ours is misnamed.
 */
export function loadRegistry(): Promise<Registry> {
  return (loaded ??= readUnits());
}

async function readUnits(): Promise<Registry> {
  const own = await ownModules(dirname(fileURLToPath(import.meta.url)));
  return registryOf([...own, ...(await packageModules(await readProgramConfig()))]);
}

/** Checks names and builds the registry. Throws `Error` that says which file to change. */
export function registryOf(modules: readonly UnitModule[]): Registry {
  const moduleOf = new Map<string, UnitModule>();
  const units: Unit[] = [];
  for (const module of modules) {
    const unit = module.from === undefined ? ownUnitOf(module) : outsideUnitOf(module);
    const other = moduleOf.get(unit.name);
    if (other !== undefined) throw sameName(unit, other, module);
    moduleOf.set(unit.name, module);
    units.push(unit);
  }
  units.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    filter: (name) => find(units, 't0', name),
    t2: (name) => find(units, 't2', name),
    t3: (name) => find(units, 't3', name),
    all: () => units,
    from: (name) => moduleOf.get(name)?.from ?? OWN_PACKAGE,
  };
}

function sameName({ name }: Unit, first: UnitModule, second: UnitModule): Error {
  const message = `Two units are named ${name}: ${first.file} and ${second.file}`;
  if (second.from === undefined) return new Error(message);
  const isOwn = first.from === undefined;
  return new SetupProblem(
    isOwn ? `${message}: the first is of ${OWN_PACKAGE} itself, name the second otherwise` : message,
  );
}

function ownUnitOf({ file, tier, exports }: UnitModule): Unit {
  const units = Object.values(exports).filter(isUnit);
  const [unit] = units;
  if (unit === undefined) {
    throw new Error(
      `${file} exports no unit: a file of units/${tier ?? ''} exports one; put what units share in model/`,
    );
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

/** A unit of another package: its author may have no compiler that looks at it, and calls the file as he likes. */
function outsideUnitOf({ file, tier, exports }: UnitModule): Unit {
  // One unit may have two names: that of a constant, and `default`.
  const units = [...new Set(Object.values(exports).filter(isTiered))];
  const [unit] = units;
  if (unit === undefined) {
    throw new SetupProblem(
      `${file} exports no unit: expected "export const … = defineT2({…})" or the like; what units share stands in a ` +
        `folder of its own, such as lib/, or in a file whose name begins with "_"`,
    );
  }
  if (units.length > 1) throw new SetupProblem(`${file} exports ${units.length} units: give each a file of its own`);
  const fault = unitFault(unit);
  if (fault !== undefined) throw new SetupProblem(`${file}: the unit that it exports ${fault}`);
  if (!isUnit(unit)) throw new SetupProblem(`${file} exports no unit`);
  if (tier !== undefined && unit.tier !== tier) {
    throw new SetupProblem(`${file} exports ${unit.name}, which is of tier ${unit.tier}: move it to ${unit.tier}/`);
  }
  return unit;
}

function isTiered(value: unknown): value is object & { readonly tier: string } {
  if (typeof value !== 'object' || value === null || !('tier' in value)) return false;
  return TIERS.some((tier) => tier === value.tier);
}

function isUnit(value: unknown): value is Unit {
  return isTiered(value) && 'config' in value && 'name' in value && typeof value.name === 'string';
}

/** `T2LightCurveSummary` → `t2-light-curve-summary`. */
export function kebabCase(name: string): string {
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

async function ownModules(folder: string): Promise<UnitModule[]> {
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
