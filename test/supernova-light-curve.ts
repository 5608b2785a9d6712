import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Datapoint, Fields } from '../model/datapoint.js';
import type { LightCurve } from '../model/t2-input.js';
import { sharedData } from './shared-data.js';

/** SN 2018fli, a supernova of type Ia at z = 0.06607, from AMPEL's own tests. */
export const SUPERNOVA = 'ZTF18abmjvpb';

const content = z.looseObject({ _id: z.number(), jd: z.number(), fid: z.int() });
const entry = z.looseObject({ content: z.tuple([z.unknown()], content.or(z.unknown())) }).or(z.looseObject({}));
const file = z.looseObject({ ppo_list: z.looseObject({ __jsonclass__: z.tuple([z.string(), z.array(entry)]) }) });

/** Its detections as ZTF published them. */
export async function supernovaLightCurve(): Promise<LightCurve> {
  const text = await readFile(join(sharedData, `reference/ampel/lightcurve.${SUPERNOVA}.json`), 'utf8');
  const [, points] = file.parse(JSON.parse(text)).ppo_list.__jsonclass__;
  const datapoints = points.flatMap((point) => pointOf(point));
  return { objectId: SUPERNOVA, stock: '1', link: '1', datapoints: datapoints.sort((a, b) => a.jd - b.jd) };
}

function pointOf(point: unknown): Datapoint[] {
  const wrapped = z
    .looseObject({ content: z.looseObject({ __jsonclass__: z.tuple([z.string(), content]) }) })
    .safeParse(point);
  if (!wrapped.success) return [];
  const [, body] = wrapped.data.content.__jsonclass__;
  const band = ['g', 'r', 'i'][body.fid - 1] ?? '';
  const tags = ['ZTF', 'ZTF_PUB', `ZTF_${band.toUpperCase()}`];
  return [{ id: String(body._id), kind: 'detection', jd: body.jd, band, tags, body: body as Fields }];
}
