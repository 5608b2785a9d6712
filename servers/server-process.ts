import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { guardScript, type GuardOrder } from './guard.js';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';
import { ServerError } from './server-error.js';

const STOP_GRACE_MS = 15_000;
const LOG_TAIL_LINES = 8;
const RETRY_MS = 50;

/** A server that was started. `ended` resolves when it has ended, whoever ended it. */
export interface ServerProcess {
  readonly identity: ProcessIdentity;
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface Launch {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Gets what the server prints; read for the message when it does not start. */
  readonly logFile: string;
  /** `guarded`: ends with this process, even killed. `detached`: stays until it is stopped by its process id. */
  readonly life: 'guarded' | 'detached';
  /** Killed at once and its folders removed: for data nobody will miss. */
  readonly discard?: { readonly folders: readonly string[]; readonly ifEmpty: string };
}

/** Starts a server program; throws `ServerError` if it cannot even be run. */
export function launch(options: Launch): Promise<ServerProcess> {
  return options.life === 'guarded' ? launchGuarded(options) : launchDetached(options);
}

/** The error for a server that ended or did not answer in time, with the last lines of its log. */
export async function startFailure(title: string, reason: string, logFile: string): Promise<ServerError> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  const tail = log.trimEnd().split('\n').slice(-LOG_TAIL_LINES);
  const lines = tail.map((line) => `  ${line.slice(0, 300)}`).join('\n');
  return new ServerError(`${title} ${reason}. The end of ${logFile}:\n${lines}`, `Read ${logFile} for the cause.`);
}

/** Asks the process to end, and kills it when it has not after the grace time. Does nothing if it has ended. */
export async function stopProcess(identity: ProcessIdentity): Promise<void> {
  const killAtMs = Date.now() + STOP_GRACE_MS;
  if (await isRunning(identity)) signal(identity.pid, 'SIGTERM');
  while (await isRunning(identity)) {
    if (Date.now() > killAtMs + STOP_GRACE_MS) throw new ServerError(`Process ${identity.pid} cannot be ended.`);
    if (Date.now() > killAtMs) signal(identity.pid, 'SIGKILL');
    await sleep(RETRY_MS);
  }
}

const guardLineSchema = z.union([
  z.object({ pid: z.number() }),
  z.object({ error: z.string() }),
  z.object({ exit: z.union([z.number(), z.string()]) }),
]);

async function launchGuarded(options: Launch): Promise<ServerProcess> {
  const order: GuardOrder = {
    program: options.program,
    args: options.args,
    stopSignal: options.discard === undefined ? 'SIGTERM' : 'SIGKILL',
    graceMs: STOP_GRACE_MS,
    removeFolders: options.discard?.folders ?? [],
    removeIfEmpty: options.discard?.ifEmpty,
  };
  const log = openSync(options.logFile, 'a');
  const guard = spawn(process.execPath, ['-e', guardScript, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', log],
    // A group of its own: an interrupt typed at the terminal reaches us first, and we decide.
    detached: true,
    env: withoutNodeOptions(),
  });
  closeSync(log);
  const { stdin, stdout } = guard;
  if (stdin === null || stdout === null) throw new Error('the guard was started without pipes');
  const guardEnded = once(guard, 'exit').catch(() => undefined);
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const identity = await guardedServer(lines, options).catch((error: unknown) => {
    stdin.end();
    throw error;
  });
  // The end of this process must not wait for the guard: it is what the guard waits for.
  guard.unref();
  for (const pipe of [stdin, stdout]) if (pipe instanceof Socket) pipe.unref();
  return {
    identity,
    ended: nextLine(lines).then(() => undefined),
    stop: async () => {
      guard.ref();
      stdin.end();
      await guardEnded;
      // Only if somebody killed the guard is there anything left to stop.
      await stopProcess(identity);
    },
  };
}

async function guardedServer(lines: AsyncIterator<string>, options: Launch): Promise<ProcessIdentity> {
  const first = await nextLine(lines);
  if (first !== undefined && 'pid' in first) return identify(first.pid, options);
  const reason = first !== undefined && 'error' in first ? first.error : 'its guard ended';
  throw await startFailure(options.title, `could not be run: ${reason}`, options.logFile);
}

async function nextLine(lines: AsyncIterator<string>): Promise<z.infer<typeof guardLineSchema> | undefined> {
  const line = await lines.next();
  return line.done === true ? undefined : guardLineSchema.parse(JSON.parse(line.value));
}

/** Options meant for our own process (a debugger's port, jest's ESM switch) are not the guard's. */
function withoutNodeOptions(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env['NODE_OPTIONS'];
  return env;
}

async function launchDetached(options: Launch): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.program, options.args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const ended = once(child, 'exit').then(() => undefined);
  // A program that cannot be run emits 'error' and no 'exit'; it is reported below.
  ended.catch(() => undefined);
  await once(child, 'spawn').catch(async (error: unknown) => {
    throw await startFailure(options.title, `could not be run: ${String(error)}`, options.logFile);
  });
  const identity = await identify(child.pid, options);
  child.unref();
  return { identity, ended, stop: () => stopProcess(identity) };
}

async function identify(pid: number | undefined, { title, logFile }: Launch): Promise<ProcessIdentity> {
  const identity = pid === undefined ? undefined : await identifyProcess(pid);
  if (identity === undefined) throw await startFailure(title, 'ended at once', logFile);
  return identity;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone between the look and the signal.
  }
}
