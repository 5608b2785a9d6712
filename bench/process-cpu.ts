import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** Clock ticks a second in /proc on Linux. */
const TICKS_PER_SECOND = 100;

/** CPU seconds (user and system) of a process so far; undefined where /proc does not tell. */
export async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The program's name in brackets may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

/** Pids of the programs whose command line names this folder, by program: the servers of a benchmark. */
export async function serversIn(dataDir: string): Promise<Record<string, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
      const program = basename(words[0] ?? '');
      const isServer = /^(temporal|mongod)/.test(program) && words.some((word) => word.includes(dataDir));
      return isServer ? [[program, Number(pid)] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** CPU seconds by name of process, and what was added since. */
export class CpuMeter {
  private constructor(
    private readonly pids: Readonly<Record<string, number>>,
    private readonly start: Readonly<Record<string, number>>,
  ) {}

  static async start(pids: Readonly<Record<string, number>>): Promise<CpuMeter> {
    return new CpuMeter(pids, await read(pids));
  }

  async seconds(): Promise<Record<string, number>> {
    const now = await read(this.pids);
    return Object.fromEntries(Object.entries(now).map(([name, seconds]) => [name, seconds - (this.start[name] ?? 0)]));
  }
}

async function read(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const entries = await Promise.all(
    Object.entries(pids).map(async ([name, pid]) => [name, (await cpuSecondsOf(pid)) ?? 0] as const),
  );
  return Object.fromEntries(entries);
}
