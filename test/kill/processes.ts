import type { Killable } from './worker-child.js';

/** Processes that can be killed and started again, by name. */
export interface Processes<Name extends string> {
  /** A server serves on return; a worker may still be connecting. */
  readonly start: (name: Name) => Promise<void>;
  /** SIGKILL: the process cannot finish anything. Returns when it is gone. */
  readonly kill: (name: Name) => Promise<void>;
  /** SIGSTOP: the process stands still in the middle of what it does, and its connections stay. */
  readonly pause: (name: Name) => void;
  /** Lets a paused process go on as if no time had passed. */
  readonly resume: (name: Name) => void;
  readonly killAll: () => Promise<void>;
}

export function processesOf<Name extends string>(
  starters: Readonly<Record<Name, () => Promise<Killable>>>,
): Processes<Name> {
  const running = new Map<Name, Killable>();
  const kill = async (name: Name): Promise<void> => {
    const one = running.get(name);
    running.delete(name);
    await one?.kill();
  };
  const signal = (name: Name, which: NodeJS.Signals): void => {
    const one = running.get(name);
    if (one === undefined) throw new Error(`${name} does not run`);
    process.kill(one.pid, which);
  };
  return {
    kill,
    async start(name) {
      running.set(name, await starters[name]());
    },
    pause(name) {
      signal(name, 'SIGSTOP');
    },
    resume(name) {
      signal(name, 'SIGCONT');
    },
    async killAll() {
      for (const name of running.keys()) await kill(name);
    },
  };
}
