import { z } from 'zod';

export const unitName = z.string();

export const unitConfig = z.record(z.string(), z.unknown()).default({}).describe('config of the unit, by key');

const group = z.int().min(1).max(255);

/** Which of a filter's groups something is for. */
export const groups = z
  .union([group, z.array(group).min(1)], { error: 'expected a number from 1 to 255, or a list of such' })
  .transform((given) => (typeof given === 'number' ? [given] : given))
  .optional()
  .describe('only for what the filter accepted into one of these groups, or into none');
