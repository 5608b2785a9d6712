import { viewOf } from '../../cli/channel-view.js';
import { asSeenBy } from '../../cli/seen-objects.js';
import { readObjectStory } from '../../store/object-story.js';
import { objectSummaries, type ObjectSummary } from '../../store/object-summaries.js';
import { acceptAllFilter } from '../../units/t0/accept-all-filter.js';
import { ready, testChannel, testRegistry, use } from '../ready-channel.js';
import { CANDIDATE, EARLIER, LIMIT } from '../ztf-packet.js';
import { DecidedObjects, ztfAlert } from './decided-objects.js';
import { startStoreRig, type StoreRig } from './store-rig.js';

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(() => rig.stop());

const registry = testRegistry(acceptAllFilter);
const T0 = use(acceptAllFilter);
const PUBLIC = ready(testChannel('PUBLIC', T0), registry);
const PARTNER = ready(testChannel('PARTNER', T0, { access: ['ZTF_PUB', 'ZTF_PRIV'] }), registry);
const JD = Number(CANDIDATE['jd']);

/** The partnership sees the object first, elsewhere by 2 arcsec; then, or never, the public does. */
async function objectsOf({ isPublicLater }: { readonly isPublicLater: boolean }): Promise<DecidedObjects> {
  const objects = await new DecidedObjects((await rig.freshPlace()).store, registry, [PUBLIC, PARTNER]).start();
  const dec = Number(CANDIDATE['dec']) + 2 / 3600;
  await objects.take(ztfAlert({ candidate: { programid: 2, dec }, history: [{ ...EARLIER, programid: 2 }, LIMIT] }));
  if (isPublicLater) {
    const candid = '674285273115015035';
    await objects.take(ztfAlert({ candid, candidate: { jd: JD + 1, candid }, history: [] }));
  }
  return objects;
}

async function listOf({ store }: DecidedObjects, channel?: string): Promise<ObjectSummary[]> {
  const found: ObjectSummary[] = [];
  for await (const one of objectSummaries(store, { limit: 9, ...(channel !== undefined && { channel }) })) {
    found.push(one);
  }
  return found;
}

describe('an object that the partnership saw first', () => {
  it('is shown to a public channel as the public saw it', async () => {
    const objects = await objectsOf({ isPublicLater: true });
    const [listed, ...others] = await asSeenBy(objects.store, PUBLIC.channel, await listOf(objects, 'PUBLIC'));
    expect(others).toEqual([]);
    const { ra, dec } = CANDIDATE;
    const seen = { position: { ra, dec }, lastSeenJd: JD + 1, channels: { PUBLIC: { firstJd: JD + 1 } } };
    expect(listed).toMatchObject({ alerts: 2, states: 1, stock: { ...seen, firstSeenJd: Number(LIMIT['jd']) } });
    expect(Object.keys(listed?.stock.channels ?? {})).toEqual(['PUBLIC']);
    const [whole] = await listOf(objects);
    if (whole === undefined) throw new Error('no object');
    expect(whole).toMatchObject({ states: 3, stock: { position: { dec: Number(dec) + 2 / 3600 } } });
    const view = await viewOf(objects.store, await readObjectStory(objects.store, whole.stock), PUBLIC.channel);
    expect(view.stock).toMatchObject(seen);
    expect(view.journal.map(({ channel, jd }) => [channel, jd])).toEqual([['PUBLIC', JD + 1]]);
  });

  it('and nobody after it is none of a public channel', async () => {
    const objects = await objectsOf({ isPublicLater: false });
    expect(await asSeenBy(objects.store, PUBLIC.channel, await listOf(objects))).toEqual([]);
    const [whole] = await listOf(objects, 'PARTNER');
    if (whole === undefined) throw new Error('no object');
    const story = await readObjectStory(objects.store, whole.stock);
    await expect(viewOf(objects.store, story, PUBLIC.channel)).rejects.toThrow(
      'PUBLIC may see no detection of ZTF18abxhyqv',
    );
    expect(await viewOf(objects.store, story, PARTNER.channel)).toMatchObject({
      stock: { firstSeenJd: Number(LIMIT['jd']) },
    });
  });

  it('keeps what a revision of before saw more of to itself', async () => {
    const objects = await objectsOf({ isPublicLater: true });
    const [whole] = await listOf(objects);
    if (whole === undefined) throw new Error('no object');
    const story = await readObjectStory(objects.store, whole.stock);
    const before = await viewOf(objects.store, story, PARTNER.channel);
    expect(before.journal).toHaveLength(2);
    const after = await viewOf(objects.store, story, { ...PARTNER.channel, access: ['ZTF_PUB'] });
    expect(after.journal).toEqual([]);
    expect(after.states).toEqual([]);
  });
});
