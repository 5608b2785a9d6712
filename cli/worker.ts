import { Command, Option } from 'commander';
import { t2Queue } from '../model/workflow-names.js';
import { loadRegistry, type Registry } from '../units/registry.js';
import { unitGroups } from '../units/unit-groups.js';
import { outsideClients } from '../worker/clients.js';
import { keepWorkers } from '../worker/keep-workers.js';
import { quietRuntime, ROLES, type Role, type RunningWorkers } from '../worker/run-workers.js';
import { watchServices, type WatchedService } from '../worker/service-watch.js';
import { builtWorkflows } from '../worker/workflow-bundle.js';
import { CliError } from './cli-error.js';
import { printLine } from './json-lines.js';
import { prepareNamespace, withServices, type Services } from './with-services.js';

interface Flags {
  readonly role: readonly Role[];
  readonly queue?: readonly string[];
  readonly json?: boolean;
}

const EXAMPLES = `
Roles: "workflows" decides and keeps channels and streams going, "ingest" reads streams, "t2" runs heavy computations,
"t3" sends reactions. Each can run on machines of its own, as many as wanted. Ctrl-C finishes what is under way (up to
10 s), a second one ends at once; either way another worker goes on where this one was.

Examples:
  $ ampel worker                     all roles in one process
  $ ampel worker --role t2           one more that computes
  $ ampel worker --role ingest t3    two roles
  $ ampel worker --queue t2-fits     only the T2 units of the group "fits", on a machine that has the CPUs for them

Units of your own are read once, at the start, from what ampel.config.yaml names in this folder (or the file AMPEL_CONFIG).
The services are those of AMPEL_TEMPORAL_ADDRESS (host:port), AMPEL_MONGODB_URI and AMPEL_DATABASE, else those that
"ampel up" has started. A reaction's secret NAME is AMPEL_SECRET_NAME in the environment of the worker.`;

const WATCH_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 5_000;

/** `ampel worker`: does the work of workflows and activities until it is told to end. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('Do the work: decide, read streams, compute, react; until Ctrl-C')
    .addOption(new Option('--role <role...>', 'what this process does').choices(ROLES).default(ROLES, 'all roles'))
    .option('--queue <queue...>', 'only these task queues of T2: t2, or t2-GROUP for the units of a group')
    .option('--json', 'print {ready, roles} on stdout when it is ready')
    .addHelpText('after', EXAMPLES)
    .action(work);
}

async function work({ role: given, queue, json = false }: Flags): Promise<void> {
  const role: readonly Role[] = queue === undefined ? given : ['t2'];
  // Before any server is asked: units that cannot be read are no outage that passes.
  const registry = await loadRegistry();
  if (queue !== undefined) requireQueues(queue, registry);
  const bundle = builtWorkflows();
  await withServices(async (services) => {
    await prepareNamespace(services.client, services.addresses);
    // Not before it is needed: a runtime that never ran a worker keeps the process alive.
    quietRuntime();
    const workers = keepWorkers({
      ...{
        services: services.addresses,
        roles: [...new Set(role)],
        bundle,
        ...(queue && { queues: queue }),
        clients: outsideClients(),
      },
      onRunning: () => {
        say(`ready: ${role.join(', ')}`);
        if (json) void printLine({ ready: true, roles: role });
      },
      onTrouble: (error, waitMs) => {
        say(`does not run: ${firstLine(error)}; next try in ${waitMs / 1000} s`);
      },
    });
    endOnSignals(workers);
    const watching = new AbortController();
    const watch = watchServices(watched(services), say, {
      ...{ everyMs: WATCH_EVERY_MS, withinMs: ANSWER_WITHIN_MS, signal: watching.signal },
    });
    await workers.ended;
    watching.abort();
    await watch;
  });
}

function requireQueues(queues: readonly string[], registry: Registry): void {
  const known = unitGroups(registry).map(({ group }) => t2Queue(group).replace('ampel-', ''));
  const unknown = queues.find((queue) => !known.includes(queue));
  if (unknown !== undefined)
    throw new CliError(`no unit has the task queue ${unknown}; there are ${known.join(', ')}`, 2);
}

function endOnSignals(workers: RunningWorkers): void {
  let isEnding = false;
  const end = (): void => {
    if (isEnding) process.exit(1);
    isEnding = true;
    say('ending: what is under way is finished first; again to end at once');
    void workers.stop();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

function watched({ addresses, client, store }: Services): WatchedService[] {
  return [
    {
      name: `Temporal at ${addresses.temporal.address}`,
      ask: () =>
        client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => client.connection.workflowService.getSystemInfo({})),
    },
    { name: 'MongoDB', ask: () => store.units.findOne({}, { projection: { _id: 1 } }) },
  ];
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
