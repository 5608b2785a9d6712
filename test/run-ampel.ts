import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const program = resolve(import.meta.dirname, '../dist/cli/main.js');

/** How a run of the compiled program ended. */
export interface AmpelRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Closes the pipe after so many bytes of standard output, as `head` does. */
  readonly readsBytes?: number;
}

/** Runs the compiled program, as a user would, and waits for its end. */
export async function runAmpel(args: readonly string[], options: RunOptions = {}): Promise<AmpelRun> {
  const { env, readsBytes = Infinity } = options;
  if (!existsSync(program)) throw new Error(`${program} is missing: npm run build`);
  // Options that Jest needs would make Node print warnings there.
  const environment = { ...process.env, NODE_OPTIONS: '', ...env };
  const child = spawn(process.execPath, [program, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const status = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [stdout, stderr] = await Promise.all([start(child.stdout, readsBytes), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}

async function start(output: AsyncIterable<unknown>, bytes: number): Promise<string> {
  let read = '';
  for await (const chunk of output) {
    read += String(chunk);
    if (read.length >= bytes) break;
  }
  return read;
}

/** The objects of output that has one JSON object a line. */
export function jsonLines({ stdout }: AmpelRun): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
