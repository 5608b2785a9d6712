import type { Channel } from '../model/channel.js';
import { positionOf } from '../model/object-position.js';
import type { DatapointDocument } from '../store/documents.js';
import type { ObjectSummary } from '../store/object-summaries.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';

/** Place and times of objects by the points that a channel may see; what it may see no detection of is left out. */
export async function asSeenBy(
  store: Store,
  { name, access }: Pick<Channel, 'name' | 'access'>,
  summaries: readonly ObjectSummary[],
): Promise<ObjectSummary[]> {
  const names = new Map(summaries.flatMap((one) => one.stock.names.map((object) => [object, one.stock._id])));
  const points = await store.datapoints
    .find({ objects: { $in: [...names.keys()] } })
    .project<SeenPoint>({ objects: 1, survey: 1, kind: 1, jd: 1, tags: 1, 'body.ra': 1, 'body.dec': 1 })
    .sort({ jd: 1 })
    .toArray();
  const byStock = new Map<string, SeenPoint[]>();
  for (const point of points) {
    if (!surveyNamed(point.survey).maySee(point.tags, access)) continue;
    const stocks = new Set(point.objects.flatMap((object) => names.get(object) ?? []));
    for (const stock of stocks) byStock.set(stock, [...(byStock.get(stock) ?? []), point]);
  }
  return summaries.flatMap(({ stock, ...counts }) => {
    const own = (byStock.get(stock._id) ?? []).filter(({ survey }) => survey === stock.survey);
    const position = positionOf(own.filter(({ kind }) => kind === 'detection'));
    const [first] = own;
    const last = own.at(-1);
    if (position === undefined || first === undefined || last === undefined) return [];
    const seen = { position, firstSeenJd: first.jd, lastSeenJd: last.jd };
    const accepted = stock.channels?.[name];
    const standing = { follows: {}, channels: accepted ? { [name]: accepted } : {} };
    return [{ ...counts, stock: { ...stock, ...seen, ...standing } }];
  });
}

type SeenPoint = Pick<DatapointDocument, 'objects' | 'survey' | 'kind' | 'jd' | 'tags' | 'body'>;
