import { isGrpcServiceError, QueryRejectedError, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { Command } from 'commander';
import type { ChannelRevision } from '../model/channel.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import { loadRegistry } from '../units/registry.js';
import { writeFiles } from '../store/files.js';
import type { channel as channelWorkflow, ChannelStatus } from '../workflows/channel.js';
import { searchAttribute } from '../workflows/search-attributes.js';
import { channelPlan, channelSummary } from './channel-plan.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { noWorker } from './no-worker.js';
import { poll } from './poll.js';
import { requireChannel } from './require-channel.js';
import { timeoutOption } from './timeout-option.js';
import { prepareNamespace, withServices, type Services } from './with-services.js';

interface Flags {
  readonly timeout: number;
  readonly json?: boolean;
}

const EXAMPLES = `
The file is checked first, as by "ampel channel check". Streams that run take up the channel within seconds.

Examples:
  $ ampel channel start channels/HU_RAPID.yaml
  $ ampel channel start channels/HU_RAPID.yaml --json   {"name":"HU_RAPID","version":"1.0.0","hash":"…","state":"active",…}`;

/** `ampel channel start FILE`: makes the channel in a file active. */
export function channelStartCommand(): Command {
  return new Command('start')
    .description('Start a channel: from now on streams are screened for it')
    .argument('<file>', 'the channel, a YAML file')
    .addOption(timeoutOption())
    .option('--json', 'print {name, version, hash, state, started}; started is false where it ran already')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { timeout, json = false }: Flags) => {
      const { revision, files } = await requireChannel(file, await loadRegistry());
      const { channel, hash } = revision;
      const { state, started } = await withServices(async (services) => {
        await writeFiles(services.store, files);
        return await startChannel(services, revision, timeout * 1000);
      });
      const { name, version } = channel;
      if (json) await printLine({ name, version, hash, state, started });
      else
        await printText(
          `${name} ${version} ${started ? 'is' : 'runs already, it is'} ${state}, revision ${hash.slice(0, 12)}`,
        );
    });
}

async function startChannel(
  services: Services,
  revision: ChannelRevision,
  timeoutMs: number,
): Promise<{ state: string; started: boolean }> {
  const { client, addresses, store } = services;
  const { channel, hash } = revision;
  await prepareNamespace(client, addresses);
  const running = await poll(() => startOrFind(services, revision, timeoutMs), timeoutMs);
  if (running === undefined) throw noWorker(`channel ${channel.name} is being stopped`);
  const started = running === 'started';
  if (running !== 'started') {
    requireSame(revision, running);
    if (running.state === 'paused') return { state: running.state, started };
  }
  const active = await poll(async () => {
    const found = await store.channels.findOne({ _id: channel.name, hash, state: 'active' });
    return found ?? undefined;
  }, timeoutMs);
  if (active === undefined) throw noWorker(`channel ${channel.name} is started, but not active yet`);
  return { state: active.state, started };
}

/** What runs of this channel where it could not be started; undefined where that is about to end. */
async function startOrFind(
  services: Services,
  revision: ChannelRevision,
  timeoutMs: number,
): Promise<'started' | ChannelStatus | undefined> {
  if (await startWorkflow(services, revision)) return 'started';
  const running = await runningRevision(services, revision.channel.name, timeoutMs);
  return running.state === 'stopped' ? undefined : running;
}

/** False where a workflow of this channel runs already. */
async function startWorkflow({ client }: Services, revision: ChannelRevision): Promise<boolean> {
  const { channel } = revision;
  try {
    await client.workflow.start<typeof channelWorkflow>('channel', {
      workflowId: workflowId.channel(channel.name),
      taskQueue: TASK_QUEUE.workflows,
      args: [revision],
      staticSummary: channelSummary(channel),
      staticDetails: channelPlan(revision),
      typedSearchAttributes: [
        { key: searchAttribute.survey, value: channel.streams.join(', ') },
        { key: searchAttribute.stage, value: 'active' },
        { key: searchAttribute.channels, value: [channel.name] },
      ],
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Only a worker can say which revision a running channel has. */
async function runningRevision({ client }: Services, name: string, timeoutMs: number): Promise<ChannelStatus> {
  const handle = client.workflow.getHandle(workflowId.channel(name));
  try {
    return await client.withDeadline(Date.now() + timeoutMs, () => handle.query<ChannelStatus>('state'));
  } catch (error) {
    if (isGrpcServiceError(error) || error instanceof QueryRejectedError) throw noWorker(`channel ${name} waits`);
    throw error;
  }
}

function requireSame({ channel, hash }: ChannelRevision, running: ChannelStatus): void {
  if (running.hash === hash) return;
  const { name, version } = channel;
  const change = version === running.version ? 'another revision of this version' : `version ${running.version}`;
  throw new CliError(
    `${name} runs already, with ${change} (${running.hash.slice(0, 12)}, not ${hash.slice(0, 12)})`,
    1,
    `Give it the new one: ampel channel revise FILE`,
  );
}
