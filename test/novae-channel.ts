import { z } from 'zod';
import type { ChannelRevision } from '../model/channel.js';
import { checkChannel } from '../channels/check-channel.js';
import type { KnownUnits } from '../channels/check-units.js';
import { defineFilter, defineT2, defineT3 } from '../units/define.js';

const brightFilter = defineFilter({
  name: 'BrightFilter',
  version: '2.1.0',
  surveys: ['ztf'],
  summary: 'Takes bright transients.',
  config: z.strictObject({
    min_ndet: z.int(),
    max_mag: z.number().default(19),
    gaia_rs: z.number().max(0, 'no catalogue service yet: set gaia_rs: 0').default(0),
  }),
  reads: { candidate: ['magpsf'], history: [] },
  reasons: { magpsf: 'too faint' },
  run: () => ({ accepted: true }),
});

const countPoints = defineT2({
  name: 'T2CountPoints',
  version: '1.2.0',
  summary: 'Counts datapoints.',
  input: 'lightCurve',
  cost: 'light',
  config: z.strictObject({ bands: z.array(z.enum(['g', 'r', 'i'])).default(['g', 'r']) }),
  result: z.number(),
  run: ({ datapoints }) => datapoints.length,
});

const hook = defineT3({
  name: 'HookReaction',
  version: '1.0.0',
  summary: 'Tells a server.',
  config: z.strictObject({ url: z.string() }),
  compose: () => null,
  send: () => Promise.resolve({ status: 'ok' }),
});

/** One unit of each tier. */
export const units: KnownUnits = { all: () => [brightFilter, hook, countPoints] };

/** A good channel with a little of everything. */
export const NOVAE = `name: NOVAE
version: 1.0.0
stream: ztf
access: [ZTF_PUB]
t0:
  unit: BrightFilter
  config:
    min_ndet: 2
t2:
  - unit: T2CountPoints
t3:
  - name: first-light
    unit: HookReaction
    config: { url: http://h/ }
    when: { result: T2CountPoints }
    after: 3 nights
    unless: detection
`;

/** `line:column path: message` of each error; none for a good channel. */
export function errorsOf(text: string, file = 'channels/NOVAE.yaml'): string[] {
  const check = checkChannel(text, file, units);
  return check.ok ? [] : check.errors.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

/** The channel as applied. Throws where it has errors. */
export function channelOf(text: string): ChannelRevision {
  const check = checkChannel(text, 'NOVAE.yaml', units);
  if (!check.ok) throw new Error(check.errors.map((error) => error.message).join('; '));
  return check.revision;
}
