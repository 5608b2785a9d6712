import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Command, InvalidArgumentError } from 'commander';
import { writeNightTar } from '../streams/simulation/night-tar.js';
import type { SurveyOptions } from '../streams/simulation/options.js';
import { simulateSurvey, type Night } from '../streams/simulation/survey.js';
import { truthLine } from '../streams/simulation/truth.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { countProgress } from './progress.js';

interface SimulateFlags {
  readonly nights: number;
  readonly seed: number;
  readonly out: string;
  readonly alertsPerNight?: number;
  readonly start?: number;
  readonly weather: boolean;
  readonly cutouts?: boolean;
  readonly gzip?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Writes DIR/ztf_public_YYYYMMDD.tar for each night and DIR/truth.jsonl, what each object really is.

Examples:
  $ ampel simulate --nights 5 --seed 1 --out survey
  $ ampel inspect survey/ztf_public_20210701.tar
  $ ampel simulate --nights 30 --seed 1 --alerts-per-night 10000 --gzip --out big`;

/** `ampel simulate`: alerts of a simulated survey, read like the real ones. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Write the alerts of a simulated survey as ZTF packets, with a truth table')
    .requiredOption('--nights <number>', 'number of nights', wholeNumber)
    .requiredOption('--seed <number>', 'the same seed and options give the same bytes', wholeNumber)
    .requiredOption('--out <folder>', 'where the files go; made if missing, files of the same name are replaced')
    .option('--alerts-per-night <number>', 'alerts of a clear night, on average (default 1000)', wholeNumber)
    .option('--start <date>', 'UT date of the first night, YYYY-MM-DD (default 2021-07-01)', julianDate)
    .option('--no-weather', 'clear nights only')
    .option('--cutouts', 'with image stamps: slower, and 20 kB more an alert')
    .option('--gzip', 'compress the files, as the public archive does')
    .option('--json', 'print one JSON object a night')
    .addHelpText('after', EXAMPLES)
    .action(simulate);
}

async function simulate(flags: SimulateFlags): Promise<void> {
  const nights = begin(flags);
  try {
    await mkdir(flags.out, { recursive: true });
    const truth = createWriteStream(join(flags.out, 'truth.jsonl'));
    const truthWritten = finished(truth);
    const writeAll = async (): Promise<void> => {
      for (const night of nights) {
        const path = await writeNight(flags, night);
        for (const row of night.truth) truth.write(truthLine(row));
        await report(flags, night, path);
      }
      truth.end();
    };
    await Promise.all([writeAll(), truthWritten]);
  } catch (error) {
    throw asCliError(error, flags.out);
  }
}

function begin(flags: SimulateFlags): Iterable<Night> {
  const { nights, seed, alertsPerNight, start, weather, cutouts } = flags;
  const options: SurveyOptions = { nights, seed, alertsPerNight, startJd: start, weather, cutouts };
  try {
    return simulateSurvey(options);
  } catch (error) {
    throw asCliError(error, flags.out);
  }
}

/** Writes the tar of a night, with a bar on a terminal; elsewhere the line a night is enough. */
async function writeNight({ out, gzip }: SimulateFlags, night: Night): Promise<string> {
  const progress = countProgress({ of: 'alerts', total: night.alertCount, isWanted: process.stderr.isTTY });
  try {
    return await writeNightTar(out, night, {
      gzip,
      onAlert: (written) => {
        progress.update(written);
      },
    });
  } finally {
    progress.end();
  }
}

async function report({ json }: SimulateFlags, night: Night, file: string): Promise<void> {
  const { index, date, exposures, alertCount, truth } = night;
  if (json === true) {
    await printLine({ night: index, date, exposures, alerts: alertCount, newObjects: truth.length, file });
    return;
  }
  const what = exposures === 0 ? 'lost to weather' : `${alertCount} alerts, ${truth.length} new objects`;
  await printText(`${date}  ${what}  ${file}`, process.stderr);
}

/** What the user asked for is wrong (2) or the files can't be written (1). */
function asCliError(error: unknown, folder: string): unknown {
  if (error instanceof RangeError) return new CliError(error.message, 2, 'See ampel simulate --help.');
  if (typeof error === 'object' && error !== null && 'syscall' in error && 'message' in error) {
    return new CliError(`Cannot write to ${folder}: ${String(error.message)}`, 1, 'Choose another folder with --out.');
  }
  return error;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** JD of midnight UT. */
function julianDate(text: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError('It must be a date, as 2021-07-01.');
  return milliseconds / 86_400_000 + 2440587.5;
}
