import { nightOfJd } from '../model/julian-date.js';
import { cutoutsSvg } from '../plots/cutouts.js';
import { lightCurveSvg } from '../plots/light-curve.js';
import { svgToPng } from '../plots/png.js';
import type { ReactionDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { Pictures } from '../units/define.js';
import { modelCurves } from '../units/model-curves.js';
import type { Registry } from '../units/registry.js';
import type { ReadyChannel } from './channel-revisions.js';
import { latestCutouts } from './latest-cutouts.js';
import { readStateView, type StateView } from './state-view.js';

type Pictured = Pick<ReactionDocument, 'objectId' | 'stock' | 'link'>;

/** Pictures for a message on one object, of what its channel may see. Undefined for a message on several. */
export function picturesFor(
  { store, registry }: { readonly store: Store; readonly registry: Registry },
  ready: ReadyChannel,
  { objectId, stock, link }: Pictured,
): Pictures | undefined {
  if (objectId === undefined || stock === undefined || link === undefined) return undefined;
  const state = (): Promise<StateView> => readState(store, ready, stock, link);
  return {
    lightCurve: async () => {
      const { datapoints, results } = await state();
      const curves = modelCurves(registry, results, datapoints);
      return await svgToPng(await lightCurveSvg({ name: objectId, datapoints, curves }));
    },
    cutouts: async () => {
      const knownJd = (await state()).datapoints.at(-1)?.jd ?? -Infinity;
      const latest = await latestCutouts(store, ready.channel, stock, knownJd);
      if (latest === undefined) return undefined;
      const { alertId, jd, cutouts } = latest;
      return await svgToPng(cutoutsSvg({ title: `alert ${alertId}, ${nightOfJd(jd)}`, cutouts }));
    },
  };
}

async function readState(store: Store, ready: ReadyChannel, stock: string, link: string): Promise<StateView> {
  const object = await store.stocks.findOne({ _id: stock }, { projection: { survey: 1 } });
  if (object === null) throw new Error(`there is no object ${stock} in the store`);
  return await readStateView(store, { survey: object.survey, stock, link }, ready);
}
