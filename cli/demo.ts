import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { dataFolder, resolveServers } from '../servers/environment.js';
import { CliError } from './cli-error.js';
import { archivedInput } from './demo/archived-input.js';
import { startBroker, type Broker } from './demo/broker.js';
import type { DemoInput } from './demo/demo-input.js';
import { createEndings, type Endings } from './demo/endings.js';
import { INTERRUPTED, interruption } from './demo/interruption.js';
import { liveInput } from './demo/live-input.js';
import { requireJava, startOwnKafka } from './demo/own-kafka.js';
import { nextCommands, reportText } from './demo/report.js';
import { runNights } from './demo/run-nights.js';
import { getNights, requireSource, type NightsSource } from './demo/source.js';
import { createSteps, type Steps } from './demo/steps.js';
import { printLine, printText } from './json-lines.js';
import { whereAway } from './with-services.js';

interface DemoFlags {
  readonly from?: readonly string[];
  readonly nights: number;
  readonly seed: number;
  readonly alertsPerNight: number;
  readonly kafka?: boolean;
  readonly rate?: number;
  readonly keep?: boolean;
  readonly report: string;
  readonly json?: boolean;
}

/** Alerts a second: a clear night takes ten seconds then. */
const DEFAULT_RATE = 200;

const EXAMPLES = `
Starts Temporal and MongoDB, simulates some nights of a sky survey and runs channels/HU_RAPID.yaml over them as if they
passed now: filter, light curves, computations, reactions that wait for nights, sent to a receiver of the demo's own.
The rules by the clock run for each night, and the report of the last night is written as a page (--report).
On a terminal it stays until Ctrl-C, so that you can look around; elsewhere it ends with its report.

Examples:
  $ ampel demo                                   about two minutes, the first time with a download of 85 MB
  $ ampel demo --nights 20 --alerts-per-night 5000 --seed 7
  $ ampel demo --from ztf_public_20210701.tar.gz
                                                 nights of your own, or the address of one on the web
  $ ampel demo --kafka --rate 500                the nights are played into a real Kafka broker while the stream reads
  $ AMPEL_HOME=~/ampel-demo ampel demo --keep    the data stay, for "ampel up" and all other commands

Exit status 4: a server cannot be started or reached. With AMPEL_DEBUG set, it tells where the time went.`;

/** `ampel demo`: a whole broker, some nights, and what came of them. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Show the whole broker at work on some nights of alerts')
    .option('--nights <number>', 'nights to simulate', atLeastOne, 8)
    .option('--seed <number>', 'the same seed gives the same sky', wholeNumber, 1)
    .option('--alerts-per-night <number>', 'alerts of a clear night', atLeastOne, 2000)
    .addOption(
      new Option('--from <path...>', 'read these nights instead: files, folders, tars, addresses of tars').conflicts([
        ...['nights', 'seed', 'alertsPerNight'],
      ]),
    )
    .addOption(
      new Option('--kafka', 'play the nights into topics of a Kafka broker, and read those; needs Java 17').conflicts(
        'from',
      ),
    )
    .option(
      '--rate <number>',
      `with --kafka: alerts a second, 0 for as fast as it goes (default: ${DEFAULT_RATE})`,
      wholeNumber,
    )
    .option('--report <file>', 'where the report of the last night is written', 'ampel-demo-report.html')
    .option('--keep', 'keep the data in AMPEL_HOME (~/.local/share/ampel-temporal)')
    .option('--json', 'print one JSON object with all figures, and end')
    .addHelpText('after', EXAMPLES)
    .action(demo);
}

async function demo(flags: DemoFlags): Promise<void> {
  const source = flags.from === undefined ? flags : { from: flags.from };
  if (flags.rate !== undefined && flags.kafka !== true) {
    throw new CliError('--rate is how fast nights are played into Kafka', 2, 'Give --kafka too, or leave it away.');
  }
  await requireSource(source);
  if (flags.kafka === true) await requireJava();
  const endings = createEndings();
  const run: Run = { flags, source, endings, steps: createSteps(), interrupted: interruption(), isShown: false };
  try {
    await Promise.race([show(run), run.interrupted]);
  } catch (error) {
    throw whereAway(error);
  } finally {
    run.steps.begin('end', 'ending');
    await endings.run();
    run.steps.end();
  }
  // What was called off may still be under way.
  if (!run.isShown) process.exit(INTERRUPTED);
}

interface Run {
  readonly flags: DemoFlags;
  readonly source: NightsSource;
  readonly endings: Endings;
  readonly steps: Steps;
  readonly interrupted: Promise<void>;
  /** The report has been printed. */
  isShown: boolean;
}

async function show(run: Run): Promise<void> {
  const { flags, endings, steps } = run;
  const keeps = flags.keep === true || usesOtherServers();
  steps.begin('servers', 'starting a broker: Temporal, MongoDB, workers');
  const broker = await startBroker({ keep: keeps, onProgress: steps.report }, endings);
  const input = await inputOf(run, broker, keeps);
  const { report, lightCurves } = await Promise.race([
    runNights(broker, input, { endings, steps }, flags.report),
    broker.failure,
  ]);
  const seconds = steps.end();
  run.isShown = true;
  if (process.env['AMPEL_DEBUG'] !== undefined) console.error(`seconds: ${JSON.stringify(seconds)}`);
  if (flags.json === true) {
    await printLine({ ...report, uiUrl: broker.addresses.temporal.uiUrl, seconds });
    return;
  }
  const stays = process.stdin.isTTY && process.stdout.isTTY;
  const next = nextCommands({ report, addresses: broker.addresses, stays, keeps });
  await printText(`\n${reportText(report, lightCurves)}\n\n${next}`);
  if (stays) await run.interrupted;
}

async function inputOf({ flags, source, endings, steps }: Run, broker: Broker, keeps: boolean): Promise<DemoInput> {
  if (flags.kafka !== true) return archivedInput(await getNights(source, nightsFolder(broker, keeps), steps));
  steps.begin('kafka', 'starting a Kafka broker');
  const { brokers, stop } = await startOwnKafka(broker, keeps, steps.report);
  endings.add(stop);
  return liveInput({ ...flags, rate: flags.rate ?? DEFAULT_RATE }, brokers);
}

/** Where nights are written: with the data of the servers, or where `--keep` finds them again. */
function nightsFolder({ dataDir }: Broker, keeps: boolean): string {
  if (keeps) return join(dataFolder(), 'demo');
  const folder = join(dataDir, 'nights');
  // However the program ends: the servers remove their own.
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Servers that are named in the environment keep what they are given, whoever started them. */
function usesOtherServers(): boolean {
  const { temporal, mongodb } = resolveServers();
  return temporal !== undefined || mongodb !== undefined;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function atLeastOne(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('It must be 1 at least.');
  return value;
}
