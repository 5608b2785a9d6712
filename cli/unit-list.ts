import { Command } from 'commander';
import { loadRegistry } from '../units/registry.js';
import { printLine, printText } from './json-lines.js';
import { table } from './table.js';

const EXAMPLES = `
Examples:
  $ ampel unit list
  $ ampel unit list --json   {name, tier, version, summary, from} for each unit

"from" is where a unit comes from: ampel-temporal, or a folder or package that ampel.config.yaml names. See docs/units.md.`;

/** `ampel unit list`: the units that channels can use. */
export function unitListCommand(): Command {
  return new Command('list')
    .description('List the units that channels can use: filters (t0), computations (t2), reactions (t3)')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(unitList);
}

async function unitList({ json = false }: { readonly json?: boolean }): Promise<void> {
  const registry = await loadRegistry();
  const units = registry.all().map(({ name, tier, version, summary }) => ({
    ...{ name, tier, version, summary },
    from: registry.from(name),
  }));
  if (json) for (const unit of units) await printLine(unit);
  else {
    const rows = units.map(({ name, tier, version, from, summary }) => [name, tier, version, from, summary]);
    await printText(table(['unit', 'tier', 'version', 'from', 'summary'], rows));
  }
}
