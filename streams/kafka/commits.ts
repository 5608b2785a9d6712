import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaError } from './kafka-error.js';
import type { Session } from './session.js';

interface Waiting {
  readonly offset: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const RETRY_MS = 200;
/** How long a reader that ends tries to tell the group what is still to be told. */
const LAST_MS = 2_000;

/**
 * What is acknowledged and not yet told to the group. One request tells all that has gathered; while the group cannot be
 * told it is tried again.
 */
export class Commits {
  private readonly waiting = new Map<string, Waiting[]>();
  private running: Promise<void> | undefined;
  private deadlineMs = Infinity;

  /** `session` answers with the present one, if there is one. */
  constructor(private readonly session: () => Session | undefined) {}

  /** Resolves when the group has it, or has given the partition to another reader; rejects where the source is closed first. */
  add(key: string, offset: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.waiting.get(key) ?? [];
      waiting.push({ offset, resolve, reject });
      this.waiting.set(key, waiting);
      this.running ??= this.run();
    });
  }

  /** Tries once more for a moment; what cannot be told then is rejected. */
  async close(): Promise<void> {
    this.deadlineMs = Date.now() + LAST_MS;
    await this.running;
  }

  private async run(): Promise<void> {
    // A turn later: acknowledgements that come together go together.
    await Promise.resolve();
    while (this.waiting.size > 0) {
      if (await this.tell()) continue;
      if (Date.now() >= this.deadlineMs) this.giveUp();
      else await sleep(RETRY_MS);
    }
    this.running = undefined;
  }

  /** True where all that was waiting has been settled. */
  private async tell(): Promise<boolean> {
    const session = this.session();
    if (!session?.hasJoined) return false;
    const taken = [...this.waiting];
    this.waiting.clear();
    const own = taken.filter(([key]) => session.owns(key));
    try {
      const offsets = own.map(([key, waiting]) => [key, Math.max(...waiting.map(({ offset }) => offset))] as const);
      if (offsets.length > 0) await session.commit(new Map(offsets));
      for (const one of taken.flatMap(([, waiting]) => waiting)) one.resolve();
      return true;
    } catch {
      for (const [key, waiting] of taken) this.waiting.set(key, [...waiting, ...(this.waiting.get(key) ?? [])]);
      return false;
    }
  }

  private giveUp(): void {
    const error = new KafkaError('unreachable', 'the source was closed before the group could be told');
    for (const one of [...this.waiting.values()].flat()) one.reject(error);
    this.waiting.clear();
  }
}
