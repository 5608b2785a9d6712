import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { nearestName } from '../model/nearest-name.js';
import type { Unit } from './define.js';
import { isFolderEntry, type UnitEntry } from './program-config.js';
import { SetupProblem } from './setup-problem.js';

export const TIERS = ['t0', 't2', 't3'] as const;

/** A file that holds a unit. */
export interface UnitFile {
  /** Absolute. */
  readonly path: string;
  /** For messages: from the working directory on, where it is in there. */
  readonly file: string;
  /** The tier of its folder, where it is in one. */
  readonly tier?: Unit['tier'];
  /** Whose it is: `./my-units`, `some-package@1.2.0`. */
  readonly from: string;
}

/** A module of a tier's folder, or of a package, with what it exports. */
export interface UnitModule {
  /** For messages: `units/t0/decent-filter.ts`. */
  readonly file: string;
  /** The tier that its folder is for, where it is for one. */
  readonly tier?: Unit['tier'];
  readonly exports: Readonly<Record<string, unknown>>;
  /** The package that it is of, where that is not this one. */
  readonly from?: string;
}

/** JavaScript that is no test, no configuration of a tool, and not set apart by "_" or ".". */
const UNIT_FILE = /^(?![_.])(?!.*\.(test|spec|config)\.m?js$).+\.m?js$/;
const TYPESCRIPT = /^(?![_.])(?!.*\.(test|spec|config|d)\.m?ts$).+\.m?ts$/;

/**
 * The files of one entry of the configuration. Throws `SetupProblem`, with the entry's place, where there is no such folder
 * or package, or no unit in it. Of a package only the folders t0, t2 and t3 are looked into, or the folder that its
 * package.json names: `"ampel": {"units": "./dist"}`.
 */
export async function unitFiles(entry: UnitEntry, configFolder: string): Promise<UnitFile[]> {
  return isFolderEntry(entry.entry)
    ? await filesOfFolder({ folder: resolve(configFolder, entry.entry), from: entry.entry, isFlatToo: true }, entry)
    : await filesOfPackage(entry, configFolder);
}

/** A file's name for messages. */
export function fileLabel(path: string): string {
  const label = relative(process.cwd(), path);
  return label.startsWith('..') || isAbsolute(label) ? path : label;
}

/** Where to look, and what to say where there is nothing. */
interface Search {
  readonly folder: string;
  readonly from: string;
  /** Units may stand in the folder itself, too. */
  readonly isFlatToo: boolean;
}

async function filesOfFolder({ folder, from, isFlatToo }: Search, entry: UnitEntry): Promise<UnitFile[]> {
  const names = (await namesIn(folder, entry))
    .filter(() => isFlatToo)
    .map((name) => ({ name, path: join(folder, name) }));
  const inTiers = TIERS.map(async (tier) => {
    const inTier = await readdir(join(folder, tier)).catch(() => []);
    return inTier.map((name) => ({ name, path: join(folder, tier, name), tier }));
  });
  const all: readonly { name: string; path: string; tier?: Unit['tier'] }[] = [
    ...names,
    ...(await Promise.all(inTiers)).flat(),
  ];
  const found = all
    .filter(({ name }) => UNIT_FILE.test(name))
    .map(({ path, tier }) => ({ path, file: fileLabel(path), ...(tier !== undefined && { tier }), from }));
  if (found.length > 0) return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const source = all.find(({ name }) => TYPESCRIPT.test(name));
  const why =
    source === undefined
      ? `expected a .js or .mjs file for each, ${isFlatToo ? 'in it or ' : ''}in its folders t0, t2 and t3`
      : `${fileLabel(source.path)} is TypeScript: compile it, and name the folder of what comes out`;
  const other = isFlatToo ? '' : ' (or in that which its package.json names: "ampel": {"units": "./dist"})';
  throw new SetupProblem(`${entry.place}: ${fileLabel(folder)} has no units: ${why}${other}`);
}

async function namesIn(folder: string, { entry, place }: UnitEntry): Promise<string[]> {
  const info = await stat(folder).catch(() => undefined);
  if (info?.isDirectory() === true) return await readdir(folder);
  if (info !== undefined) throw new SetupProblem(`${place}: ${entry} is a file, expected a folder`);
  const siblings = await foldersIn(dirname(folder));
  const meant = nearestName(relative(dirname(folder), folder), siblings);
  const advice = meant === undefined ? '' : `; did you mean "${dirname(entry)}/${meant}"?`;
  throw new SetupProblem(`${place}: there is no folder ${fileLabel(folder)}${advice}`);
}

const manifest = z.object({
  version: z.string().default('0.0.0'),
  ampel: z.object({ units: z.string() }).optional(),
});

async function filesOfPackage(entry: UnitEntry, configFolder: string): Promise<UnitFile[]> {
  const { entry: name, place } = entry;
  for (let above = configFolder; ; above = dirname(above)) {
    const root = join(above, 'node_modules', name);
    const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const { version, ampel } = readManifest(text, join(root, 'package.json'));
      const folder = ampel === undefined ? root : join(root, ampel.units);
      return await filesOfFolder({ folder, from: `${name}@${version}`, isFlatToo: ampel !== undefined }, entry);
    }
    if (above === dirname(above)) break;
  }
  const isFolder = (await foldersIn(configFolder)).includes(name);
  const advice = isFolder ? `did you mean "./${name}"?` : `"npm install ${name}" in ${configFolder} may be missing`;
  throw new SetupProblem(`${place}: there is no package ${name}; ${advice}`);
}

function readManifest(text: string, path: string): z.output<typeof manifest> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  const read = manifest.safeParse(content);
  if (read.success) return read.data;
  throw new SetupProblem(`${fileLabel(path)}: expected a manifest whose "ampel", if there, is {"units": "./folder"}`);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
