import { Command } from 'commander';
import { ARCHIVE_PARTITION } from '../model/stream.js';
import { jdOfUnixMs } from '../model/julian-date.js';
import type { StreamDocument } from '../store/documents.js';
import { archiveOffsetAt, rewind } from '../store/rewind.js';
import { streamTotals } from '../store/stream-positions.js';
import { offsetsAt } from '../streams/kafka/offsets-at.js';
import { outsideClients } from '../worker/clients.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { readStream } from './shown-stream.js';
import { withServices, type Services } from './with-services.js';

interface RewindFlags {
  readonly to: string;
  readonly partition?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
The stream must not be reading: pause or stop it first; resumed or started again it reads on from there. Decisions on alerts
that come again are not made twice; what a channel's filter refuses now is told by new receipts.

Examples:
  $ ampel stream rewind july --to earliest
  $ ampel stream rewind july --to 12000                               an archive, by position
  $ ampel stream rewind july --to 2021-07-04T06:00:00Z                an archive by event time, Kafka by time of arrival
  $ ampel stream rewind ztf --to 880 --partition ztf_20260101_programid1/3`;

/** `ampel stream rewind NAME --to WHERE`. */
export function streamRewindCommand(): Command {
  return new Command('rewind')
    .description('Let a stream read on from another position or time')
    .argument('<name>', 'a stream, see "ampel stream list"')
    .requiredOption('--to <where>', 'earliest, latest (Kafka), a position or a time (ISO 8601)')
    .option('--partition <name>', 'only this partition of Kafka, needed for a position')
    .option('--json', 'print {name, partitions: {partition: offset}}')
    .addHelpText('after', EXAMPLES)
    .action((name: string, flags: RewindFlags) =>
      withServices(async (services) => {
        const offsets = await offsetsOf(services, name, flags);
        await rewind(services.store, name, offsets);
        if (flags.json === true) await printLine({ name, partitions: Object.fromEntries(offsets) });
        else for (const [partition, offset] of offsets) await printText(`${name}: ${partition} reads on at ${offset}`);
      }),
    );
}

async function offsetsOf(services: Services, name: string, flags: RewindFlags): Promise<Map<string, number>> {
  const { state } = await readStream(services, name);
  if (state === 'running' || state === 'starting')
    throw new CliError(`Stream ${name} is reading`, 1, `"ampel stream pause ${name}" first.`);
  const stream = await services.store.streams.findOne({ _id: name });
  if (stream === null) throw new CliError(`Stream ${name} has read nothing yet`, 2);
  if (stream.source.kind === 'kafka') return kafkaOffsetsOf(services, stream, flags);
  return new Map([[ARCHIVE_PARTITION, await archiveOffset(services, name, flags)]]);
}

async function archiveOffset({ store }: Services, name: string, { to, partition }: RewindFlags): Promise<number> {
  if (partition !== undefined) throw new CliError('--partition is for Kafka', 2);
  if (to === 'earliest') return 0;
  const { position } = await streamTotals(store, name);
  const offset = /^\d+$/.test(to) ? Number(to) : await archiveOffsetAt(store, name, jdOf(to));
  if (offset === undefined) throw new CliError(`Stream ${name} has read no alert from ${to} on`, 2);
  if (offset > position)
    throw new CliError(`Stream ${name} is at position ${position}: what comes later cannot be skipped`, 2);
  return offset;
}

async function kafkaOffsetsOf(
  { store }: Services,
  { _id: name, source }: StreamDocument,
  { to, partition }: RewindFlags,
): Promise<Map<string, number>> {
  if (source.kind !== 'kafka') throw new TypeError(`${name} is no stream of Kafka`);
  if (/^\d+$/.test(to)) {
    if (partition === undefined) throw new CliError('A position needs --partition TOPIC/NUMBER', 2);
    const known = (await streamTotals(store, name)).partitions.map((one) => one.partition);
    if (!known.includes(partition))
      throw new CliError(`Stream ${name} has no partition ${partition}`, 2, `It has ${known.join(', ') || 'none'}.`);
    return new Map([[partition, Number(to)]]);
  }
  const when = to === 'earliest' || to === 'latest' ? to : { timeMs: timeMsOf(to) };
  const offsets = await offsetsAt(source, when, (secret) => outsideClients().secret(secret));
  return new Map([...offsets].filter(([name]) => partition === undefined || name === partition));
}

function jdOf(text: string): number {
  return jdOfUnixMs(timeMsOf(text));
}

function timeMsOf(text: string): number {
  const timeMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new CliError(`--to ${text}: expected earliest, a position or a time such as 2021-07-04T06:00:00Z`, 2);
}
