import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process that is not mistaken for a later one with the same id: ids are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in a form of the operating system's. */
  readonly start: string;
}

/** The process that runs under the id now; undefined if none does, or one that has ended and waits to be collected. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const start = await (process.platform === 'linux' ? linuxStart(pid) : psStart(pid));
  return start === undefined ? undefined : { pid, start };
}

/** True while that very process runs. */
export async function isRunning({ pid, start }: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(pid))?.start === start;
}

/** Clock ticks since boot (field 22 of proc_pid_stat(5)) and the boot's id, since ticks start anew with it. */
async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // The second field is the program's name in parentheses and may hold anything; count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    return state === 'Z' || ticks === undefined ? undefined : `${boot.trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}

async function psStart(pid: number): Promise<string | undefined> {
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? undefined : stdout.trim();
}
