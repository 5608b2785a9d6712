import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { Command } from 'commander';
import { workflowId } from '../model/workflow-names.js';
import { NotAHistory, parseHistory, replayHistory, type ReplayReport } from '../worker/replay.js';
import { silenceRuntime } from '../worker/silent-runtime.js';
import { builtWorkflows } from '../worker/workflow-bundle.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { requireFile } from './existing-path.js';
import { printLine, printText } from './json-lines.js';
import { table } from './table.js';

const EXAMPLES = `
Examples:
  $ ampel replay transient/ZTF18abxhyqv        the history of a running or closed workflow, from Temporal
  $ ampel replay history.json.gz               one from a file, without a server
  $ temporal workflow show --workflow-id transient/ZTF18abxhyqv --output json > history.json

No activity runs again: the history holds what they answered. Exit status 3 says that this program would do otherwise
than the one that wrote the history.`;

/** `ampel replay FILE|WORKFLOW-ID`: does this program do on a history what was done then? */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Replay the history of a workflow, compare it with what this program does, and show its decisions')
    .argument('<history>', 'a JSON file (may be .gz), or the id of a workflow')
    .option('--json', 'print {ok, events, decisions}')
    .addHelpText('after', EXAMPLES)
    .action(replay);
}

async function replay(source: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const report = await replayed(source);
  const { ok, events, decisions, problem = '' } = report;
  if (json) await printLine({ ok, events, decisions });
  else await printText(textOf(report));
  if (!ok) throw new CliError(`${source}: this program does otherwise than its history says: ${problem}`, 3);
}

async function replayed(source: string): Promise<ReplayReport> {
  try {
    const history = isWorkflowId(source) ? await fetchHistory(source) : parseHistory(await readHistory(source));
    const bundle = builtWorkflows();
    // Not before it is used: a runtime that never ran a worker keeps the process alive.
    silenceRuntime();
    return await replayHistory(history, bundle);
  } catch (error) {
    if (error instanceof NotAHistory) throw new CliError(`${source}: ${error.message}`, 2);
    throw error;
  }
}

/** Status of gRPC. */
const NOT_FOUND = 5;

/** `transient/ZTF18abxhyqv`, unless there is a file of that name. */
function isWorkflowId(source: string): boolean {
  return Object.keys(workflowId).some((kind) => source.startsWith(`${kind}/`)) && !existsSync(source);
}

async function fetchHistory(id: string): Promise<History> {
  const { connectTemporal, findServices } = await import('../worker/services.js');
  const { isGrpcServiceError } = await import('@temporalio/client');
  const client = await connectTemporal(await findServices());
  try {
    return await client.workflow.getHandle(id).fetchHistory();
  } catch (error) {
    const status: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    if (status !== NOT_FOUND) throw error;
    throw new CliError(
      `Temporal knows no workflow ${id}`,
      2,
      'It may have ended so long ago that its history is gone.',
    );
  } finally {
    await client.connection.close();
  }
}

async function readHistory(file: string): Promise<string> {
  await requireFile(file);
  const bytes = await readFile(file);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return (isGzip ? await promisify(gunzip)(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new CliError(
      `${file}: the gzip file is damaged: ${error instanceof Error ? error.message : String(error)}`,
      2,
    );
  }
}

function textOf({ ok, workflowId, workflowType, events, decisions }: ReplayReport): string {
  const verdict = ok ? 'the same as then' : 'other than then';
  const name = workflowId === '' ? `a ${workflowType}` : workflowId;
  const head = `${counted(events, 'event')} of ${name} replayed: ${verdict}; ${counted(decisions.length, 'decision')}`;
  if (decisions.length === 0) return head;
  const rows = decisions.map((note) => [
    ...[note.alertId, note.channel, note.accepted ? 'accepted' : `rejected: ${note.reason}`],
    ...(note.accepted ? ['', ''] : [note.value, note.limit]),
    note.state,
  ]);
  return `${head}\n\n${table(['alert', 'channel', 'decision', 'value', 'limit', 'state'], rows)}`;
}
