import { contentHash } from '../../model/content-hash.js';
import type { Datapoint } from '../../model/datapoint.js';
import { loadRegistry } from '../../units/registry.js';
import { CliError } from '../cli-error.js';
import type { Broker } from './broker.js';
import { bestCandidates, lightCurveOf } from './candidates.js';
import { demoChannel, DEMO_CHANNEL } from './demo-channel.js';
import type { Endings } from './endings.js';
import { readOutcome } from './figures.js';
import { startReceiver } from './receiver.js';
import type { DemoReport } from './report.js';
import { runChannel } from './run-channel.js';
import { runStream, type StreamToRead } from './run-stream.js';
import { scoreOf } from './score.js';
import type { Nights } from './source.js';
import type { Steps } from './steps.js';

const BEST = 3;

/** Lets the channel of the demo loose on some nights, and reports what came of it, with the light curve of each of the best candidates. */
export async function runNights(
  broker: Broker,
  nights: Nights,
  { endings, steps }: { readonly endings: Endings; readonly steps: Steps },
): Promise<{ readonly report: DemoReport; readonly lightCurves: readonly (readonly Datapoint[])[] }> {
  const { paths, sightings } = nights;
  // The same nights are the same stream, which goes on where it was.
  const name = `demo-${contentHash([...paths]).slice(0, 8)}`;
  if (sightings !== undefined) await requireNoOtherStream(broker, name);
  const receiver = await startReceiver();
  endings.add(receiver.stop);
  const revision = await demoChannel(receiver.url, await loadRegistry());
  steps.begin('channel', `starting channel ${DEMO_CHANNEL}, a copy of channels/HU_RAPID.yaml`);
  await runChannel(broker, revision, endings);
  await readNights(broker, { name, survey: revision.channel.stream, paths }, nights.alerts, { endings, steps });
  steps.begin('report', 'counting what came of it');
  const { figures, acceptedObjects } = await readOutcome(broker.store, name, revision.channel);
  const classes = new Map(sightings?.map((sighting) => [sighting.objectId, sighting.class]));
  const best = await bestCandidates(broker.store, DEMO_CHANNEL, acceptedObjects, BEST);
  const counts = [...receiver.received.values()];
  const report = {
    figures,
    received: { reactions: counts.length, repeated: counts.filter((count) => count > 1).length },
    ...(sightings && { score: scoreOf(sightings, acceptedObjects) }),
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

async function readNights(
  broker: Broker,
  stream: StreamToRead,
  alerts: number | undefined,
  { endings, steps }: { readonly endings: Endings; readonly steps: Steps },
): Promise<void> {
  steps.begin('stream', `reading ${alerts === undefined ? 'the alerts' : `${alerts} alerts`} as stream ${stream.name}`);
  const bar = steps.count('alerts', alerts);
  try {
    await runStream(
      broker,
      stream,
      ({ position }) => {
        bar.update(position);
      },
      endings,
    );
  } finally {
    bar.end();
  }
}
