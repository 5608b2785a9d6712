import { existsSync, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import type { Unit } from '../units/define.js';
import { ownFolder } from '../units/own-package.js';
import { CONFIG_FILE, isFolderEntry, type ProgramConfig } from '../units/program-config.js';
import { fileLabel, TIERS } from '../units/unit-files.js';
import { CliError } from './cli-error.js';

/** Where a new unit stands. */
export interface UnitPlace {
  /** Absolute. */
  readonly folder: string;
  /** In a checkout of this repository, beside the units that are there. */
  readonly isHouse: boolean;
  /** Of a module with `import` and `export`, as Node takes it in this folder. */
  readonly extension: 'ts' | 'js' | 'mjs';
}

/** The folder that is asked for; else the first of the configuration, else units/ of a checkout, else my-units. */
export async function unitPlace(
  tier: Unit['tier'],
  dir: string | undefined,
  config: ProgramConfig,
): Promise<UnitPlace> {
  const folder = dir === undefined ? defaultFolder(tier, config) : resolve(dir);
  const info = await stat(folder).catch(() => undefined);
  if (info?.isDirectory() === false) throw new CliError(`${fileLabel(folder)} is a file, expected a folder`, 2);
  const house = join(ownFolder(), 'units');
  const isHouse = isCheckout() && (folder === house || dirname(folder) === house);
  if (isHouse && folder !== join(house, tier)) {
    throw new CliError(`a ${tier} unit of ampel-temporal itself stands in ${fileLabel(join(house, tier))}`, 2);
  }
  return { folder, isHouse, extension: isHouse ? 'ts' : await moduleExtension(folder) };
}

function defaultFolder(tier: Unit['tier'], config: ProgramConfig): string {
  const first = config.units.find(({ entry }) => isFolderEntry(entry));
  if (first !== undefined) return resolve(config.folder, first.entry);
  return isCheckout() && process.cwd() === ownFolder() ? resolve('units', tier) : resolve('my-units');
}

/** An installed package has no sources. */
function isCheckout(): boolean {
  return existsSync(join(ownFolder(), 'units/define.ts'));
}

const manifest = z.object({ type: z.string().optional() });

/** `.js` is such a module where the nearest package.json says so; `.mjs` is one everywhere. */
async function moduleExtension(folder: string): Promise<'js' | 'mjs'> {
  for (let above = folder; ; above = dirname(above)) {
    const text = await readFile(join(above, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return manifest.safeParse(jsonOf(text)).data?.type === 'module' ? 'js' : 'mjs';
    if (above === dirname(above)) return 'mjs';
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the configuration lacks to find the units of a folder. */
export interface MissingEntry {
  readonly file: string;
  readonly isNew: boolean;
  /** `./my-units` */
  readonly entry: string;
}

/** Undefined where the configuration names the folder. */
export function missingEntry(folder: string, config: ProgramConfig): MissingEntry | undefined {
  const named = config.units
    .filter(({ entry }) => isFolderEntry(entry))
    .map(({ entry }) => resolve(config.folder, entry));
  if (named.some((path) => [path, ...TIERS.map((tier) => join(path, tier))].includes(folder))) return undefined;
  const path = relative(config.folder, folder);
  return {
    file: config.file ?? CONFIG_FILE,
    isNew: config.file === undefined,
    entry: path.startsWith('.') ? path : `./${path}`,
  };
}

/** True where a module of this folder that imports `ampel-temporal/units` gets this copy of it. */
export function findsThisCopy(folder: string): boolean {
  try {
    const found = createRequire(join(folder, 'unit.js')).resolve('ampel-temporal/units');
    return realpathSync(found) === realpathSync(join(ownFolder(), 'dist/units/index.js'));
  } catch {
    return false;
  }
}
