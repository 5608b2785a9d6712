import { Command, InvalidArgumentError, Option } from 'commander';
import { nightOfJd } from '../model/julian-date.js';
import { printLine, printText } from './json-lines.js';
import { progressLine } from './progress-line.js';
import { nightRange, readNight } from './report/read-night.js';
import { writeReport } from './report/write-report.js';
import { storedChannel } from './stored-object.js';
import { withStore } from './with-services.js';

interface Flags {
  readonly channel: string;
  readonly night: string;
  readonly out?: string;
  readonly candidates: number;
  readonly json?: boolean;
}

const EXAMPLES = `
One HTML file with what was seen, refused and accepted, and each candidate with its light curve, results, messages and decisions. It opens
without a server and without a network. A night is a UTC date.

Examples:
  $ ampel report --channel HU_RAPID --night 2021-07-02
  $ ampel report --channel HU_RAPID --night 2021-07-02 --out july-2.html --candidates 500`;

/** `ampel report`: what a channel made of a night, for people. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Write what a channel made of a night as one HTML file')
    .requiredOption('--channel <name>', 'whose night')
    .addOption(
      new Option('--night <date>', 'the night (UT), such as 2021-07-02').argParser(night).makeOptionMandatory(),
    )
    .option('--out <file>', 'where it is written (default: CHANNEL-NIGHT.html)')
    .option('--candidates <number>', 'so many objects in full, those that are new first', most, 100)
    .option('--json', 'print {file, night, objects, newObjects}')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) =>
      withStore(async (store) => {
        const channel = await storedChannel(store, flags.channel);
        const file = flags.out ?? `${channel.name}-${flags.night}.html`;
        const progress = progressLine();
        const report = await readNight(store, {
          ...{ night: flags.night, channel, most: flags.candidates },
          onProgress: (done, of) => {
            progress.report({ message: 'reading candidates', done, of });
          },
        });
        await writeReport(report, file);
        progress.end();
        if (flags.json === true) await printLine({ file, night: flags.night, ...report.accepted });
        else await printText(file);
      }),
    );
}

function night(text: string): string {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  // February 30 would be March 2.
  if (isDate && nightOfJd(nightRange(text).fromJd) === text) return text;
  throw new InvalidArgumentError('Expected a date, such as 2021-07-02.');
}

function most(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError('Expected a number of objects, such as 100.');
}
