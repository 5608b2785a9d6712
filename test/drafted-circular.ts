import { z } from 'zod';
import type { Json } from '../model/canonical-json.js';
import type { Datapoint, Fields } from '../model/datapoint.js';
import type { Occasion } from '../model/occasion.js';
import type { Population, SelectedObject } from '../model/population.js';
import { circularDraft } from '../units/t3/circular-draft.js';

export const NUMBER = 'T2LightCurveSummary.num_detections';
const WIDTH = 72;

export const wishes = {
  style: 'gcn',
  authors: 'A. Müller (HU Berlin), B. Łukasz (DESY)',
  group: 'AMPEL-HU',
};

export function point(kind: Datapoint['kind'], jd: number, body: Fields, band = 'r'): Datapoint {
  return { id: String(jd), kind, jd, band, tags: ['ZTF', 'ZTF_PUB'], body };
}

export const datapoints: readonly Datapoint[] = [
  point('detection', 2458429.8, { magpsf: 18.6, sigmapsf: 0.08 }),
  point('upperLimit', 2458426.8, { diffmaglim: 20.4 }),
  point('upperLimit', 2458425.8, { diffmaglim: 20.7 }, 'g'),
  point('upperLimit', 2458428.8, { diffmaglim: 20.1 }, 'g'),
  point('detection', 2458427.8, { magpsf: 18.923, sigmapsf: 0.104 }, 'g'),
];

export const occasion: Occasion = {
  key: 'EXAMPLE/announce/360504273',
  channel: 'EXAMPLE',
  rule: 'announce',
  objectId: 'ZTF18abxhyqv',
  stock: '360504273',
  position: { ra: 21.6399519, dec: -31.6163666 },
  dueJd: 2458430.25,
  alertId: '673285273115015035',
  state: { link: '-118318261', datapoints },
  results: { T2LightCurveSummary: { num_detections: 2 } },
  earlier: [],
};

export const object: SelectedObject = {
  ...{ objectId: 'ZTF18abxhyqv', stock: '360504273', position: { ra: 21.6399519, dec: 31.6163666 } },
  ...{ firstAcceptedJd: 2458427.8, lastDetection: { jd: 2458429.8, band: 'r', mag: 18.6 } },
  ...{ detections: 2, upperLimits: 3, results: occasion.results },
};

export const population: Population = {
  ...{ key: 'EXAMPLE/morning/1', channel: 'EXAMPLE', rule: 'morning', dueJd: 2458430.25, count: 3, earlier: [] },
  objects: [
    object,
    {
      ...{ ...object, objectId: '3527242976319242284', position: { ra: 359.9999999, dec: -0.5 } },
      ...{ detections: 1234, lastDetection: { jd: 2458428.8, band: 'g' }, results: {} },
    },
    {
      ...{ objectId: 'ZTF18aaaaaaa', stock: '1', position: { ra: 1, dec: 2 }, firstAcceptedJd: 2458427.8 },
      ...{ detections: 0, upperLimits: 1, results: {} },
    },
  ],
};

const draft = z.strictObject({ format: z.literal('text/plain'), subject: z.string(), text: z.string() });
export type Draft = z.output<typeof draft>;

function drafted(message: Json | undefined): Draft {
  return draft.parse(message);
}

export function composed(changes: Partial<Occasion> = {}, more: Record<string, unknown> = {}): Draft {
  return drafted(
    circularDraft.compose({ ...occasion, ...changes }, circularDraft.config.parse({ ...wishes, ...more })),
  );
}

export function summarized(changes: Partial<Population> = {}, more: Record<string, unknown> = {}): Draft {
  const config = circularDraft.config.parse({ ...wishes, ...more });
  return drafted(circularDraft.summarize?.({ ...population, ...changes }, config));
}

export function withPoints(...points: readonly Datapoint[]): Partial<Occasion> {
  return { state: { link: '1', datapoints: points } };
}

/** Lines that a GCN Circular may not have. */
export function wrongLines({ text }: Draft): string[] {
  return text.split('\n').filter((line) => line.length > WIDTH || /[^\x20-\x7e]/.test(line) || line.endsWith(' '));
}
