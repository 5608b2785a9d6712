import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { KafkaSource } from '../../model/kafka-source.js';
import type { KafkaTuning } from '../../streams/kafka/tuning.js';
import type { DoomedReader } from './source-rig.js';

const lineSchema = z.object({
  partition: z.string(),
  offsets: z.array(z.number()),
  acknowledged: z.number().optional(),
});

interface Orders {
  readonly spec: KafkaSource;
  readonly reader: { readonly index: number; readonly of: number };
  readonly tuning: Partial<KafkaTuning>;
  readonly acknowledgeCount: number;
}

/** A program of its own, as a worker is, with the compiled code. It tells each batch as a line of JSON. */
const PROGRAM = `
import { kafkaSource } from '${new URL('../../dist/streams/kafka/source.js', import.meta.url).href}';
const { spec, reader, tuning, acknowledgeCount } = JSON.parse(process.argv[1]);
const owner = { takeOver: async () => new Map(), release: async () => undefined };
const source = await kafkaSource(spec, { owner, reader, tuning, secret: () => '' });
let left = acknowledgeCount;
for await (const { partition, packets, to } of source.batches()) {
  const offsets = packets.map(({ offset }) => offset);
  if (left-- > 0) {
    await source.acknowledge(partition, to);
    console.log(JSON.stringify({ partition, offsets, acknowledged: to }));
  } else console.log(JSON.stringify({ partition, offsets }));
}
`;

export function spawnDoomedReader(orders: Orders): DoomedReader {
  const program = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const taken = new Map<string, number[]>();
  const acknowledged = new Map<string, number>();
  createInterface({ input: program.stdout }).on('line', (line) => {
    const { partition, offsets, acknowledged: to } = lineSchema.parse(JSON.parse(line));
    taken.set(partition, [...(taken.get(partition) ?? []), ...offsets]);
    if (to !== undefined) acknowledged.set(partition, to);
  });
  return {
    ...{ taken, acknowledged },
    async kill() {
      const ended = once(program, 'exit');
      program.kill('SIGKILL');
      await ended;
    },
  };
}
