import { contentHash } from '../../model/content-hash.js';
import type { DemoInput } from './demo-input.js';
import { BATCH_SIZE, runStream } from './run-stream.js';
import type { Nights } from './source.js';

/** Nights in files, read as a stream with a clock of its own. */
export function archivedInput({ paths, alerts, sightings }: Nights): DemoInput {
  const streamName = `demo-${contentHash([...paths]).slice(0, 8)}`;
  return {
    streamName,
    isSimulated: sightings !== undefined,
    async read(broker, survey, { endings, steps }) {
      steps.begin(
        'stream',
        `reading ${alerts === undefined ? 'the alerts' : `${alerts} alerts`} as stream ${streamName}`,
      );
      const bar = steps.count('alerts', alerts);
      const request = {
        ...{ name: streamName, survey, source: { kind: 'archive', paths } as const },
        ...{ clock: 'stream' as const, batchSize: BATCH_SIZE },
      };
      const summary = `${paths.length} nights of ${survey}`;
      const onStanding = ({ position }: { position: number }): void => {
        bar.update(position);
      };
      try {
        await runStream(broker, request, { summary, onStanding }, endings);
      } finally {
        bar.end();
      }
      return { ...(sightings && { sightings }) };
    },
  };
}
