import type { ReactionDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { lightCurveSvg } from '../plots/light-curve.js';
import { svgToPng } from '../plots/png.js';
import type { Pictures } from '../units/define.js';
import { modelCurves } from '../units/model-curves.js';
import type { Registry } from '../units/registry.js';
import type { ReadyChannel } from './channel-revisions.js';
import { readStateView } from './state-view.js';

type Pictured = Pick<ReactionDocument, 'objectId' | 'stock' | 'link'>;

/** Pictures for a message on one object, of what its channel may see. Undefined for a message on several. */
export function picturesFor(
  { store, registry }: { readonly store: Store; readonly registry: Registry },
  ready: ReadyChannel,
  { objectId, stock, link }: Pictured,
): Pictures | undefined {
  if (objectId === undefined || stock === undefined || link === undefined) return undefined;
  return {
    lightCurve: async () => {
      const { survey } = (await store.stocks.findOne({ _id: stock }, { projection: { survey: 1 } })) ?? {};
      if (survey === undefined) throw new Error(`there is no object ${stock} in the store`);
      const { datapoints, results } = await readStateView(store, { survey, stock, link }, ready);
      const curves = modelCurves(registry, results, datapoints);
      return await svgToPng(await lightCurveSvg({ name: objectId, datapoints, curves }));
    },
    cutouts: () => Promise.resolve(undefined),
  };
}
