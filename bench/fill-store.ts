import type { Store } from '../store/store.js';

const NIGHTS = 100;
const POINTS_A_NIGHT = 1_000;

/** Puts 100,000 datapoints of other objects into the store: what a benchmark meets is no empty data base. */
export async function fillStore(store: Store): Promise<void> {
  for (let night = 0; night < NIGHTS; night++) {
    const jd = 2_459_000 + night;
    await store.datapoints.insertMany(
      Array.from({ length: POINTS_A_NIGHT }, (_, n) => ({
        ...{
          _id: `ztf:fill-${night}-${n}`,
          survey: 'ztf',
          id: `fill-${night}-${n}`,
          kind: 'detection' as const,
          jd,
          band: 'r',
          tags: ['ZTF'],
        },
        ...{ body: { jd, magpsf: 19, sigmapsf: 0.1, ra: n / 3, dec: night / 3, rb: 0.9, fwhm: 2 }, channels: [] },
        objects: [`FILL${night}-${n % 50}`],
      })),
    );
  }
}
