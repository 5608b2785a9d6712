import { z } from 'zod';
import { defineFilter } from '../define.js';

/** Wants every alert that the channel may see: for small streams, follow-up lists and tests of what comes after T0. */
export const acceptAllFilter = defineFilter({
  name: 'AcceptAllFilter',
  version: '1.0.0',
  summary: 'Every alert that the channel may see.',
  config: z.strictObject({}),
  reads: { candidate: [], history: [] },
  reasons: {},
  run: () => ({ accepted: true }),
});
