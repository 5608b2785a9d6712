import { dirname } from 'node:path';
import { Command } from 'commander';
import { FileProblem, filesIn } from '../channels/channel-folder.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import type { Packet } from '../streams/packet.js';
import type { Survey } from '../streams/survey.js';
import { UnfitConfig, type FileContents, type FilterUnit } from '../units/define.js';
import { loadRegistry } from '../units/registry.js';
import { outsideClients } from '../worker/clients.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { findUnit } from './find-unit.js';
import { printLine, printText } from './json-lines.js';
import { readAlerts, requireAllRead, type ReadCounts } from './read-alerts.js';
import { schemasOption } from './schemas-option.js';
import { TrialTally } from './trial.js';
import { readUnitConfig } from './unit-config.js';
import { filterLines, t2Lines, t3Lines, UndeclaredField, type UnitLine } from './unit-lines.js';

interface Flags {
  readonly input: string[];
  readonly config?: string;
  readonly schemas?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel unit run DecentFilter --config cuts.yaml --input night.tar.gz
  $ ampel unit run T2LightCurveSummary --input one.avro --json
  $ ampel unit run WebhookReaction --config hook.yaml --input one.avro   what it would send; nothing is sent

A filter sees whole alerts, without regard to data rights. Other units see the state that each alert alone leads to.`;

/** `ampel unit run NAME`: one unit on alerts, without a server. */
export function unitRunCommand(): Command {
  return new Command('run')
    .description('Run one unit on alerts: what a filter decides, a T2 unit computes, a T3 unit would send')
    .argument('<name>', 'a unit, see "ampel unit list"')
    .requiredOption('--input <path...>', 'files, archives or folders with alerts')
    .option('--config <file>', 'config of the unit, a YAML or JSON file; without it all is as by default')
    .addOption(schemasOption())
    .option('--json', 'print one JSON object for each alert')
    .addHelpText('after', EXAMPLES)
    .action(unitRun);
}

async function unitRun(name: string, flags: Flags): Promise<void> {
  const registry = await loadRegistry();
  const unit = findUnit(registry, name);
  switch (unit.tier) {
    case 't0':
      return runFilter(unit, flags);
    case 't2':
      return printUnitLines(
        t2Lines(unit, await readUnitConfig(unit, flags.config), { registry, clients: outsideClients() }),
        flags,
      );
    case 't3':
      return printUnitLines(t3Lines(unit, await readUnitConfig(unit, flags.config)), flags);
  }
}

async function runFilter(unit: FilterUnit, flags: Flags): Promise<void> {
  const config = await readUnitConfig(unit, flags.config);
  const lineOf = filterLines(unit, config, readFilterFiles(unit, config, flags.config));
  const tally = new TrialTally();
  const showsProgress = !(flags.json === true && process.stdout.isTTY);
  const counts = await runOnAlerts(lineOf, flags, showsProgress, async (line) => {
    if (flags.json === true) await printLine(line);
    else tally.add(line);
  });
  if (flags.json !== true) await printText(tally.text(`${unit.name} ${unit.version}`, unit.reasons));
  requireSuccess(counts);
}

async function printUnitLines(
  lineOf: (packet: Packet, survey: Survey) => UnitLine | Promise<UnitLine>,
  flags: Flags,
): Promise<void> {
  const counts = await runOnAlerts(lineOf, flags, !process.stdout.isTTY, async (line) => {
    if (flags.json === true) await printLine(line);
    else await printText(textOf(line));
  });
  requireSuccess(counts);
}

function textOf({ objectId, alertId, state, result, message }: UnitLine): string {
  return `${objectId} alert ${alertId} state ${state}\n${JSON.stringify(result ?? message, null, 2)}\n`;
}

/** Files that the config of a filter names are beside the file that the config stands in. */
function readFilterFiles(unit: FilterUnit, config: Readonly<Record<string, unknown>>, file = ''): FileContents {
  const read = filesIn(dirname(file));
  try {
    return new Map(unit.files(config).map((name) => [name, read(name)]));
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new CliError(`a file that the config of ${unit.name} names ${error.message}`, 2);
  }
}

interface RunCounts extends ReadCounts {
  /** Alerts on which the unit threw. */
  readonly failed: number;
  readonly undeclared: number;
}

/** A unit that throws on one alert is told on stderr like an unreadable alert; the others go on. */
async function runOnAlerts<Line>(
  lineOf: (packet: Packet, survey: Survey) => Line | Promise<Line>,
  { input, schemas }: Flags,
  showsProgress: boolean,
  print: (line: Line) => Promise<void>,
): Promise<RunCounts> {
  let failed = 0;
  let undeclared = 0;
  const options = { showsProgress, ...(schemas !== undefined && { schemas }) };
  const counts = await readAlerts(input, options, async (packet, survey) => {
    let line: Line;
    try {
      line = await lineOf(packet, survey);
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      if (error instanceof UnfitConfig)
        throw new CliError(`the config is of no use: ${error.path.join('.')}: ${error.message}`, 2);
      if (error instanceof UndeclaredField) undeclared++;
      else failed++;
      process.stderr.write(
        `${packet.place}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`,
      );
      return;
    }
    await print(line);
  });
  return { ...counts, failed, undeclared };
}

function requireSuccess(counts: RunCounts): void {
  const { read, failed, undeclared } = counts;
  if (failed > 0) throw new CliError(`the unit failed on ${failed} of ${counted(read, 'alert')}`, 1);
  if (undeclared > 0) {
    const hint = 'Name every field that the filter reads in its "reads": a stream decodes no others for it.';
    throw new CliError(
      `the filter decides otherwise on the fields it declares on ${undeclared} of ${counted(read, 'alert')}`,
      3,
      hint,
    );
  }
  requireAllRead(counts);
}
