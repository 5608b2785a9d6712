import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { ownFolder } from '../units/own-package.js';
import { CONFIG_FILE, readProgramConfig } from '../units/program-config.js';
import { kebabCase, loadRegistry } from '../units/registry.js';
import { fileLabel } from '../units/unit-files.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { requireNewName, requireTier, requireUnitName } from './unit-name.js';
import { nextSteps } from './unit-next-steps.js';
import { findsThisCopy, missingEntry, unitPlace, type UnitPlace } from './unit-place.js';
import { computationText } from './unit-templates/computation.js';
import { filterText } from './unit-templates/filter.js';
import { reactionText } from './unit-templates/reaction.js';
import { houseStyle, packageStyle } from './unit-templates/style.js';
import type { UnitText } from './unit-templates/unit-text.js';

interface Flags {
  readonly dir?: string;
  readonly json?: boolean;
}

const TEXTS = { t0: filterText, t2: computationText, t3: reactionText };

const EXAMPLES = `
The unit works as it is written, and its test passes: change both. Without --dir they stand in the first folder that
${CONFIG_FILE} names, else in my-units; at the top of a checkout of ampel-temporal, in units/TIER. docs/units.md walks
through it.

Examples:
  $ ampel unit new t2 T2PeakMagnitude
  $ ampel unit new t0 BrightFilter --dir ./my-units
  $ ampel unit new t3 ChatReaction --json   {name, tier, file, test}`;

/** `ampel unit new TIER NAME`: writes a unit and its test. */
export function unitNewCommand(): Command {
  return new Command('new')
    .description('Write a unit of your own to begin with, and its test')
    .argument('<tier>', 't0: a filter, t2: a computation, t3: a reaction')
    .argument('<name>', 'name of the unit, such as T2PeakMagnitude')
    .option('--dir <folder>', 'where to write them')
    .option('--json', 'print {name, tier, file, test}')
    .addHelpText('after', EXAMPLES)
    .action(unitNew);
}

async function unitNew(givenTier: string, name: string, { dir, json = false }: Flags): Promise<void> {
  const tier = requireTier(givenTier);
  requireUnitName(name);
  requireNewName(name, await loadRegistry());
  const config = await readProgramConfig();
  const place = await unitPlace(tier, dir, config);
  const [file, test] = await write(TEXTS[tier], name, place);
  if (json) {
    await printLine({ name, tier, file, test });
    return;
  }
  const { folder, isHouse } = place;
  const missing = missingEntry(folder, config);
  const next = isHouse
    ? {}
    : {
        ...(missing !== undefined && { missing }),
        ...(!findsThisCopy(folder) && { install: { what: ownFolder(), where: config.folder } }),
      };
  await printText(nextSteps({ name, tier, file, test, isHouse, ...next }));
}

/** Writes unit and test, and names them. Throws `CliError` where one of them is there. */
async function write(
  textOf: UnitText,
  name: string,
  { folder, isHouse, extension }: UnitPlace,
): Promise<[file: string, test: string]> {
  const base = kebabCase(name);
  const text = textOf({
    ...{ name, constant: name.charAt(0).toLowerCase() + name.slice(1) },
    ...{ moduleFile: `${base}.${isHouse ? 'js' : extension}`, style: isHouse ? houseStyle : packageStyle },
  });
  const paths = [join(folder, `${base}.${extension}`), join(folder, `${base}.test.${extension}`)] as const;
  const there = paths.find((path) => existsSync(path));
  if (there !== undefined) {
    throw new CliError(
      `${fileLabel(there)} is there already, and is left as it is`,
      2,
      'Choose another name or --dir.',
    );
  }
  await mkdir(folder, { recursive: true });
  await writeFile(paths[0], text.unit, { flag: 'wx' });
  await writeFile(paths[1], text.test, { flag: 'wx' });
  return [fileLabel(paths[0]), fileLabel(paths[1])];
}
