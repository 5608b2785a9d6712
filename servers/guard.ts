/** What the guard is told, as JSON in its first argument. */
export interface GuardOrder {
  readonly program: string;
  readonly args: readonly string[];
  readonly stopSignal: 'SIGTERM' | 'SIGKILL';
  /** After so long a server that does not stop by itself is killed. */
  readonly graceMs: number;
  /** Folders that go when the server has stopped. */
  readonly removeFolders: readonly string[];
  /** A folder that goes too once it is empty. */
  readonly removeIfEmpty?: string;
}

/**
 * The guard: a small process between us and one server. Its standard input is a pipe that we hold open and never write
 * to; the operating system closes it when we end, in whatever way, and the guard then stops the server. It tells the
 * server's process id and its end as lines of JSON on standard output.
 *
 * A text for `node -e` and not a module, so that it runs alike from dist/ and from TypeScript sources under jest.
 * The terminal's interrupt goes to every process of the group, so the guard leaves it to us.
 */
export const guardScript = `
const { spawn } = require('node:child_process');
const { rmSync, rmdirSync } = require('node:fs');
const order = JSON.parse(process.argv[1]);
const tell = (line) => process.stdout.write(JSON.stringify(line) + '\\n');
process.stdout.on('error', () => {});
let stopping = false;
let ended = false;
const finish = () => {
  for (const folder of order.removeFolders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try { if (order.removeIfEmpty) rmdirSync(order.removeIfEmpty); } catch {}
  process.exit(0);
};
const server = spawn(order.program, order.args, { stdio: ['ignore', 2, 2] });
const end = (line) => {
  ended = true;
  tell(line);
  if (stopping) finish();
};
server.on('spawn', () => tell({ pid: server.pid }));
server.on('error', (error) => end({ error: error.message }));
server.on('exit', (code, signal) => end({ exit: code ?? signal }));
const stop = () => {
  if (stopping) return;
  stopping = true;
  if (ended) return finish();
  server.kill(order.stopSignal);
  setTimeout(() => server.kill('SIGKILL'), order.graceMs);
};
process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
process.on('SIGTERM', stop).on('SIGHUP', stop).on('SIGINT', () => {});
`;
