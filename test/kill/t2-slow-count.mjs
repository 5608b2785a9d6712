/** A unit that is slow enough to be killed at its work. It becomes `units/t2/t2-slow-count.js` of the program under test. */
import { z } from 'zod';

const WORK_MS = 25;

export const t2SlowCount = {
  tier: 't2',
  name: 'T2SlowCount',
  version: '1.0.0',
  summary: 'Counts detections, slowly.',
  input: 'lightCurve',
  cost: 'heavy',
  config: z.strictObject({}),
  result: z.object({ detections: z.int() }),
  run({ datapoints }) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WORK_MS);
    return { detections: datapoints.filter(({ kind }) => kind === 'detection').length };
  },
};
