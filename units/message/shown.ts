import { z } from 'zod';
import { linkFault } from './link.js';

/** What a config says of the contents of a message for people. */
export const shown = {
  fields: z
    .array(
      z
        .string()
        .max(150)
        .regex(/^\w+(\.[^.\s]+)*$/, 'expected a unit and keys, such as T2LightCurveSummary.num_detections'),
    )
    .max(40)
    .default([])
    .describe('results that are shown, such as T2LightCurveSummary.num_detections'),
  links: z
    .array(
      z
        .string()
        .max(300)
        .superRefine((template, context) => {
          const message = linkFault(template);
          if (message !== undefined) context.addIssue({ code: 'custom', message });
        }),
    )
    .max(10)
    .default([])
    .describe('addresses for people, with {objectId}, {stock}, {alertId}, {ra}, {dec} after the host'),
} as const;
