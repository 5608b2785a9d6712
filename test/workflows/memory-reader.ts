import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { RetriedLetter, StreamActivities, StreamProgress } from '../../model/stream.js';

const HEARTBEAT_MS = 20;

/** The activities of a stream without alerts: reads until it is told that the input ends, and counts its starts. */
export class MemoryReader implements StreamActivities {
  /** What was done, in words: `reads`, `stops`, `paused`, `finished`, `settled`. */
  readonly log: string[] = [];
  /** A reader that is told to stop goes on until then, as with a long batch. */
  lastBatch: Promise<void> = Promise.resolve();
  private hasEnded = false;
  private position = 0;

  /** The next look at the input finds its end. */
  end(): void {
    this.hasEnded = true;
  }

  readonly consume = async (): Promise<StreamProgress> => {
    this.log.push('reads');
    const context = Context.current();
    const { cancellationSignal } = context;
    while (!this.hasEnded) {
      context.heartbeat(this.progress('reading'));
      this.position++;
      await sleep(HEARTBEAT_MS);
      if (!cancellationSignal.aborted) continue;
      this.log.push('stops');
      await this.lastBatch;
      cancellationSignal.throwIfAborted();
    }
    this.log.push('finished');
    return this.progress('finished');
  };

  readonly retryDeadLetters = (ids: readonly string[]): Promise<RetriedLetter[]> => {
    this.log.push(`retries ${ids.length}`);
    return Promise.resolve(ids.map((id) => ({ id, isRead: id !== 'bad' })));
  };

  readonly settle = (): Promise<void> => {
    this.log.push('settled');
    return Promise.resolve();
  };

  readonly markStream = (_name: string, state: 'paused' | 'stopped'): Promise<void> => {
    this.log.push(state);
    return Promise.resolve();
  };

  private progress(doing: string): StreamProgress {
    return { position: this.position, unreadable: 0, forwarded: 0, clockJd: 0, alertsPerSecond: 1, doing };
  }
}
