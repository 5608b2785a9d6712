import { pathToFileURL } from 'node:url';
import { ownFolder } from './own-package.js';
import type { ProgramConfig } from './program-config.js';
import { SetupProblem } from './setup-problem.js';
import { unitFiles, type UnitFile, type UnitModule } from './unit-files.js';

type Import = (url: string) => Promise<unknown>;

/** The modules of all packages that the configuration names, in its order. Throws `SetupProblem` that names file and cause. */
export async function packageModules(
  config: ProgramConfig,
  load: Import = (url) => import(url),
): Promise<UnitModule[]> {
  const modules: UnitModule[] = [];
  for (const entry of config.units) {
    for (const unitFile of await unitFiles(entry, config.folder)) {
      const { file, tier, from } = unitFile;
      const exports = await exportsOf(unitFile, config.folder, load);
      modules.push({ file, from, exports, ...(tier !== undefined && { tier }) });
    }
  }
  return modules;
}

async function exportsOf(unitFile: UnitFile, folder: string, load: Import): Promise<Readonly<Record<string, unknown>>> {
  const { href } = pathToFileURL(unitFile.path);
  let exports: unknown;
  try {
    exports = await load(href);
  } catch (error) {
    throw new SetupProblem(`${unitFile.file} cannot be loaded: ${reasonOf(error, unitFile, folder)}`);
  }
  return typeof exports === 'object' ? { ...exports } : {};
}

function reasonOf(error: unknown, { path, file }: UnitFile, folder: string): string {
  if (!(error instanceof Error)) return `it throws ${String(error)}`;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND' && error.message.includes("package 'ampel-temporal'")) {
    return `it imports ampel-temporal, which is not installed for it: "npm install ${ownFolder()}" in ${folder}`;
  }
  const { href } = pathToFileURL(path);
  const stack = error.stack ?? '';
  const at = stack.indexOf(`${href}:`);
  const [place] = at < 0 ? [''] : (/^:\d+(:\d+)?/.exec(stack.slice(at + href.length)) ?? ['']);
  // Node keeps to itself where a text is no JavaScript.
  const hint = place === '' && error instanceof SyntaxError ? `; "node --check ${file}" shows where` : '';
  return `${error.name}: ${error.message}${place === '' ? '' : ` at ${file}${place}`}${hint}`;
}
