import { resolve } from 'node:path';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nearestName } from '../model/nearest-name.js';
import { sourceText } from '../model/stream-source.js';
import type { StreamRequest } from '../model/stream.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import { isAddress } from '../streams/archive/download.js';
import { NOTICES, surveys } from '../streams/surveys.js';
import { searchAttribute } from '../workflows/search-attributes.js';
import type { stream as streamWorkflow } from '../workflows/stream.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { requirePath } from './existing-path.js';
import { printLine, printText } from './json-lines.js';
import type { ShownStream } from './shown-stream.js';
import { schemasOption } from './schemas-option.js';
import { streamSource, withInputOptions, type InputFlags } from './stream-input.js';
import { requireSameSource } from './stream-source.js';
import { endText } from './stream-text.js';
import { streamEnd, streamTakenUp } from './stream-wait.js';
import { timeoutOption } from './timeout-option.js';
import { prepareNamespace, withServices, type Services } from './with-services.js';

interface Flags extends InputFlags {
  readonly survey: string;
  readonly schemas?: string;
  readonly readers: number;
  readonly clock: StreamRequest['clock'];
  readonly batchSize: number;
  readonly timeout: number;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const DEFAULT_BATCH_SIZE = 500;

const EXAMPLES = `
A PATH is an Avro container, a tar or tar.gz of such, or a folder; the worker that reads must find it at the same place.
A stream of a name that was there before goes on from its position, and its input must be the same. Passwords are named
here and taken from AMPEL_SECRET_<NAME> in the environment of the worker.

With the clock of the stream, "3 nights later" is when its alerts are that much later: for archives, in minutes. With that
of the wall, it is when three nights have passed here.

Examples:
  $ ampel stream start july --from survey/                     channels that are active get its alerts
  $ ampel stream start july --from survey/ --wait              until its end; Ctrl-C leaves it running
  $ ampel stream start july --from a.tar b.tar --wait --json   {"name":"july","state":"finished","position":48211,…}
  $ ampel stream start ztf --clock wall --kafka kafka:9092 --topics '/^ztf_\\d{8}_programid1$/' --readers 2
  $ ampel stream start rubin --survey lsst --schemas https://registry.example --kafka kafka:9092 --topics lsst-alerts
  $ ampel stream start gcn --survey gcn --kafka kafka.example:9092 --topics '/^gcn\\.notices/' --tls \\
      --oauth https://auth.example/oauth2/token --oauth-client ID:GCN
  $ ampel stream start gcn --survey gcn --from notices/`;

/** `ampel stream start NAME`: reads alerts for the active channels. */
export function streamStartCommand(): Command {
  const command = new Command('start')
    .description('Start a stream: read alerts and pass them on for the active channels, or notices of events')
    .argument('<name>', 'name of the stream: letters, digits, ".", "_", "-"', streamName);
  return withInputOptions(command)
    .option('--survey <name>', 'whose alerts they are: ztf, lsst, or gcn for notices', 'ztf')
    .addOption(schemasOption())
    .option('--readers <number>', 'workers that share the partitions of Kafka', readerCount, 1)
    .addOption(new Option('--clock <kind>', 'what rules wait by').choices(['stream', 'wall']).default('stream'))
    .option('--batch-size <number>', 'alerts that are acknowledged together', batchSize, DEFAULT_BATCH_SIZE)
    .option('--wait', 'show how far it is until it has ended')
    .addOption(timeoutOption())
    .option('--json', 'print one JSON object, as "ampel stream show" does')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, flags: Flags) => {
      const request = await requestOf(name, flags);
      await withServices(async (services) => {
        await startStream(services, request);
        const shown = await waitFor(services, name, flags);
        if (flags.json === true) await printLine(shown);
        else await printText(flags.wait === true ? endText(shown) : startText(request, shown));
      });
    });
}

async function requestOf(name: string, flags: Flags): Promise<StreamRequest> {
  const { survey, clock, batchSize, readers, schemas } = flags;
  requireSurvey(survey);
  const source = await streamSource(name, flags);
  if (readers > 1 && source.kind !== 'kafka') throw new CliError('Only Kafka has partitions for several readers', 2);
  return {
    ...{ name, survey, source, clock, batchSize },
    ...(schemas !== undefined && { schemas: isAddress(schemas) ? schemas : await existing(schemas) }),
    ...(readers > 1 && { readers }),
  };
}

async function existing(path: string): Promise<string> {
  await requirePath(path);
  return resolve(path);
}

function requireSurvey(name: string): void {
  const known = [...Object.keys(surveys), NOTICES];
  if (known.includes(name)) return;
  const meant = nearestName(name, known);
  throw new CliError(
    `There is no survey ${name}`,
    2,
    meant === undefined ? `Known: ${known.join(', ')}.` : `Did you mean ${meant}?`,
  );
}

async function startStream({ client, addresses, store }: Services, request: StreamRequest): Promise<void> {
  const { name, survey } = request;
  requireSameSource(request, await store.streams.findOne({ _id: name }));
  await prepareNamespace(client, addresses);
  try {
    await client.workflow.start<typeof streamWorkflow>('stream', {
      workflowId: workflowId.stream(name),
      taskQueue: TASK_QUEUE.workflows,
      args: [request],
      staticSummary: summaryOf(request),
      typedSearchAttributes: [
        { key: searchAttribute.survey, value: survey },
        { key: searchAttribute.stage, value: 'running' },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new CliError(
      `Stream ${name} runs already`,
      1,
      `"ampel stream show ${name}" shows it, "ampel stream stop ${name}" ends it.`,
    );
  }
  if (survey === NOTICES || (await store.channels.findOne({ streams: survey, state: 'active' })) !== null) return;
  process.stderr.write(
    `No channel is active for ${survey}: the stream waits for one. Start it with "ampel channel start FILE".\n`,
  );
}

function readerCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 64) return count;
  throw new InvalidArgumentError('Expected a number from 1 to 64.');
}

/** `ztf alerts from 3 paths, clock of the stream` */
function summaryOf({ survey, source, clock }: StreamRequest): string {
  const input = source.kind === 'archive' ? counted(source.paths.length, 'path') : sourceText(source);
  return `${survey} ${survey === NOTICES ? 'notices' : 'alerts'} from ${input}, clock of the ${clock}`;
}

function waitFor(services: Services, name: string, { wait = false, timeout }: Flags): Promise<ShownStream> {
  return wait ? streamEnd(services, name) : streamTakenUp(services, name, timeout * 1000);
}

function startText(request: StreamRequest, { name, state, position }: ShownStream): string {
  const from = position === 0 ? '' : `, at position ${position}`;
  return `${name} is ${state}: ${summaryOf(request)}${from}`;
}

function streamName(text: string): string {
  if (/^[A-Za-z0-9._-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 100 letters, digits, ".", "_" or "-".');
}

function batchSize(text: string): number {
  const size = Number(text);
  if (/^\d+$/.test(text) && size >= 1 && size <= 100_000) return size;
  throw new InvalidArgumentError('Expected a number from 1 to 100000.');
}
