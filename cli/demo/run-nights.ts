import type { Datapoint } from '../../model/datapoint.js';
import { loadRegistry } from '../../units/registry.js';
import { CliError } from '../cli-error.js';
import type { Broker } from './broker.js';
import { bestCandidates, lightCurveOf } from './candidates.js';
import { demoChannel, DEMO_CHANNEL } from './demo-channel.js';
import { writeLastNight } from './demo-report-file.js';
import type { DemoInput, DemoTools } from './demo-input.js';
import { readOutcome } from './figures.js';
import { startReceiver } from './receiver.js';
import type { DemoReport } from './report.js';
import { runChannel } from './run-channel.js';
import { runSchedule } from './run-schedule.js';
import { scoreOf } from './score.js';

const BEST = 3;

/** Lets the channel of the demo loose on some nights, and reports what came of it, with the light curve of each of the best candidates. */
export async function runNights(
  broker: Broker,
  input: DemoInput,
  { endings, steps }: DemoTools,
  reportFile: string,
): Promise<{ readonly report: DemoReport; readonly lightCurves: readonly (readonly Datapoint[])[] }> {
  const { streamName } = input;
  if (input.isSimulated) await requireNoOtherStream(broker, streamName);
  const receiver = await startReceiver();
  endings.add(receiver.stop);
  const revision = await demoChannel(receiver.url, await loadRegistry());
  steps.begin('channel', `starting channel ${DEMO_CHANNEL}, a copy of channels/HU_RAPID.yaml`);
  await runChannel(broker, revision, endings);
  const { sightings, kafka } = await input.read(broker, revision.channel.streams[0] ?? '', { endings, steps });
  steps.begin('schedule', 'running the rules by the clock for these nights');
  const clock = await runSchedule(broker, revision, streamName);
  steps.begin('report', 'counting what came of it, and writing the report of the last night');
  const night = await writeLastNight(broker.store, revision.channel, reportFile);
  const { figures, acceptedObjects } = await readOutcome(broker.store, streamName, revision.channel);
  const classes = new Map(sightings?.map((sighting) => [sighting.objectId, sighting.class]));
  const best = await bestCandidates(broker.store, DEMO_CHANNEL, acceptedObjects, BEST);
  const counts = [...receiver.received.values()];
  const report = {
    figures,
    clock,
    ...(night !== undefined && { night: { date: night, file: reportFile } }),
    received: { reactions: counts.length, repeated: counts.filter((count) => count > 1).length },
    ...(sightings && { score: scoreOf(sightings, acceptedObjects) }),
    ...(kafka && { kafka }),
    best: best.map((candidate) => ({ ...candidate, class: classes.get(candidate.objectId) })),
  };
  return { report, lightCurves: await Promise.all(best.map((candidate) => lightCurveOf(broker.store, candidate))) };
}

/** Simulated objects have the names of real ones, and another simulation has the same names for other objects. */
async function requireNoOtherStream({ store, addresses }: Broker, name: string): Promise<void> {
  const other = await store.streams.findOne({ _id: { $ne: name } });
  if (other === null) return;
  throw new CliError(
    `The data base "${addresses.mongodb.database}" has alerts of stream ${other._id}, and simulated ones must not mix with others`,
    2,
    'Give the demo a folder of its own: AMPEL_HOME=~/ampel-demo ampel demo --keep',
  );
}
