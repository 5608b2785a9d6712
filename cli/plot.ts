import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Command } from 'commander';
import { plotPoints } from '../plots/light-curve-points.js';
import { lightCurveSvg } from '../plots/light-curve.js';
import { PNG_ZOOM, svgToPng } from '../plots/png.js';
import { stackedSvg, svgSize } from '../plots/stacked-svg.js';
import { isAddress } from '../streams/archive/download.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { objectOfPackets, stampsSvg, storedObject, type PlottedObject } from './plotted-object.js';
import { requireAllRead } from './read-alerts.js';
import { schemasOption } from './schemas-option.js';

interface PlotFlags {
  readonly out: string;
  readonly channel?: string;
  readonly state?: string;
  readonly object?: string;
  readonly cutouts?: boolean;
  readonly schemas?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel plot ZTF18abxhyqv -o curve.png                            all that is stored of it
  $ ampel plot ZTF18abxhyqv --channel HU_RAPID -o curve.svg         what this channel may see, with the fits of its units
  $ ampel plot night.tar.gz --object ZTF18abxhyqv --cutouts -o curve.png   from alerts, without a server

Without --channel a stored object is drawn with what all channels together know, private data included: that is for the
on-call, and not to be passed on. Of what was processed again, the newest is drawn. --cutouts draws those of the newest alert
that has some; of a stored object they are there where the file of the channel that is named keeps them (keep: cutouts).`;

/** `ampel plot NAME|PACKET...`: a light curve as a picture. */
export function plotCommand(): Command {
  return new Command('plot')
    .description('Draw the light curve of an object, from the store or from alerts')
    .argument('<what...>', 'an object, such as ZTF18abxhyqv, or files, archives and folders with its alerts')
    .requiredOption('-o, --out <file>', 'the picture, FILE.svg or FILE.png; - for SVG on standard output')
    .option('--channel <name>', 'only what this channel may see of the stored object')
    .option('--state <link>', 'ring the points of this state of the stored object')
    .option('--object <name>', 'the object to draw, where the alerts are of several')
    .option('--cutouts', 'with the image stamps of the newest alert')
    .addOption(schemasOption())
    .option('--json', 'print one JSON object: what was drawn, and where it is')
    .addHelpText('after', EXAMPLES)
    .action(plot);
}

async function plot(what: string[], flags: PlotFlags): Promise<void> {
  const format = formatOf(flags);
  const object = await (isStoredName(what) ? stored(what[0] ?? '', flags) : fromPackets(what, flags));
  const { name, datapoints, used, curves, stamps } = object;
  const curve = await lightCurveSvg({ name, datapoints, ...(used && { used }), ...(curves && { curves }) });
  const svg = stamps === undefined ? curve : stackedSvg([curve, stampsSvg(stamps)]);
  if (flags.out === '-') await printText(svg);
  else {
    await write(flags.out, format === 'svg' ? svg : await svgToPng(svg));
    if (flags.json === true) await printLine(drawnJson(object, flags.out, format, svg));
    else await printText(flags.out);
  }
  if (object.counts !== undefined) requireAllRead(object.counts);
}

function formatOf({ out, json }: PlotFlags): 'svg' | 'png' {
  if (out === '-') {
    if (json !== true) return 'svg';
    throw new CliError('With -o - the picture is the output, and --json has no place', 2, 'Name a file: -o curve.svg');
  }
  const ending = extname(out).toLowerCase();
  if (ending === '.svg') return 'svg';
  if (ending === '.png') return 'png';
  throw new CliError(`${out} ends neither in .svg nor in .png`, 2, 'The ending says what is drawn: -o curve.png');
}

/** A name has no dots and slashes; where there is a file of this name, that is meant. */
function isStoredName(what: readonly string[]): boolean {
  const [name = ''] = what;
  return what.length === 1 && !isAddress(name) && !/[./\\]/.test(name) && !existsSync(name);
}

function stored(name: string, { channel, state, object, cutouts = false }: PlotFlags): Promise<PlottedObject> {
  if (cutouts && channel === undefined) {
    const hint = `Name one, or files with its alerts: ampel plot night.tar.gz --object ${name} --cutouts -o curve.png`;
    throw new CliError(`Image stamps of ${name} are kept for channels, and there is no file of this name`, 2, hint);
  }
  if (object !== undefined) {
    throw new CliError(
      `There is no file ${name} to look for ${object} in`,
      2,
      '--object chooses among alerts in files.',
    );
  }
  return storedObject(name, {
    ...{ cutouts, ...(channel !== undefined && { channel }), ...(state !== undefined && { state }) },
  });
}

function fromPackets(paths: readonly string[], flags: PlotFlags): Promise<PlottedObject> {
  const { channel, state, object, cutouts = false, schemas } = flags;
  if (channel !== undefined || state !== undefined) {
    const option = channel === undefined ? '--state' : '--channel';
    const hint = 'Name the object instead, to draw what is stored of it.';
    throw new CliError(`${option} is for stored objects, and alerts in files are drawn whole`, 2, hint);
  }
  return objectOfPackets(paths, {
    ...{ cutouts, ...(object !== undefined && { object }), ...(schemas !== undefined && { schemas }) },
  });
}

async function write(file: string, picture: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, picture);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot write to ${file}: ${reason}`, 1, 'Choose another file with -o.');
  }
}

function drawnJson(
  { name, datapoints, used, stamps }: PlottedObject,
  file: string,
  format: string,
  svg: string,
): object {
  const { points, notShown } = plotPoints(datapoints);
  const count = (kind: string): number => points.filter((point) => point.kind === kind).length;
  const { width, height } = svgSize(svg);
  const zoom = format === 'png' ? PNG_ZOOM : 1;
  const ids = new Set(used);
  return {
    ...{ object: name, file, format, width: Math.round(zoom * width), height: Math.round(zoom * height) },
    points: {
      detections: count('detection'),
      forced: count('forced photometry'),
      negative: count('fainter than reference'),
      upperLimits: count('upper limit'),
      notShown,
    },
    ...(used && { ringed: points.filter(({ id }) => ids.has(id)).length }),
    ...(stamps && { stampsOf: stamps.alertId }),
  };
}
