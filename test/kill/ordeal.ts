import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReactionDocument } from '../../store/documents.js';
import type { SurveyOptions } from '../../streams/simulation/options.js';
import { watchfulChannel, type ChannelChanges } from './channel.js';
import { install, type Installation } from './harness.js';
import type { Blow } from './kill-plan.js';
import { simulateNights, type Nights } from './nights.js';
import { startReceiver } from './receiver.js';
import { runNights, stepsOf, type RunEnd } from './run-nights.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';

/** What a run left behind. */
export interface Aftermath extends RunEnd {
  readonly snapshot: Snapshot;
  readonly steps: number;
  readonly reactions: readonly ReactionDocument[];
  /** What the receiver was sent: bodies by idempotency key. */
  readonly deliveries: ReadonlyMap<string, readonly string[]>;
  readonly seconds: number;
}

export interface Ordeal {
  readonly nights: Nights;
  readonly undisturbed: Aftermath;
  readonly disturbed: Aftermath;
}

export interface OrdealOptions {
  readonly survey: SurveyOptions;
  readonly channel: ChannelChanges;
  readonly plan: readonly Blow[];
  /** For each of the two runs. */
  readonly limitMs: number;
  readonly report?: (line: string) => void;
}

/** Runs the same nights twice, each time on servers of its own: once in peace and once with processes killed. */
export async function runOrdeal({ survey, channel, plan, limitMs, report }: OrdealOptions): Promise<Ordeal> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-nights-'));
  const receiver = await startReceiver();
  try {
    const nights = await simulateNights(folder, survey);
    const revision = await watchfulChannel(channel, receiver.url);
    const run = async (steps?: number): Promise<Aftermath> => {
      receiver.forget();
      const blows = steps === undefined ? undefined : { plan, steps, ...(report && { report }) };
      const aftermath = await withInstallation(limitMs, async (installation) => {
        const startMs = Date.now();
        const end = await runNights(installation, nights.paths, revision, blows);
        return { ...end, seconds: (Date.now() - startMs) / 1000, ...(await lookAt(installation)) };
      });
      return { ...aftermath, deliveries: new Map(receiver.deliveries) };
    };
    const undisturbed = await run();
    report?.(`in peace: ${undisturbed.seconds.toFixed(0)} s, ${undisturbed.steps} steps`);
    const disturbed = await run(undisturbed.steps);
    report?.(`disturbed: ${disturbed.seconds.toFixed(0)} s`);
    return { nights, undisturbed, disturbed };
  } finally {
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function lookAt(installation: Installation): Promise<Pick<Aftermath, 'snapshot' | 'steps' | 'reactions'>> {
  return {
    snapshot: await takeSnapshot(installation.services.mongodb),
    steps: await stepsOf(installation),
    reactions: await installation.store.reactions.find().toArray(),
  };
}

async function withInstallation<Result>(
  limitMs: number,
  use: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const installation = await install(limitMs);
  try {
    return await use(installation);
  } finally {
    await installation.close();
  }
}
