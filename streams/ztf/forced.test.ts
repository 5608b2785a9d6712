import { join } from 'node:path';
import type { Alert } from '../../model/alert.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { readArchive } from '../archive/archive.js';
import { isBad } from '../packet.js';
import { stateMembers } from './state-members.js';
import { ztf } from './survey.js';

async function alertIn(file: string): Promise<Alert> {
  for await (const packet of readArchive([join(sharedData, 'ztf/by_version', file)])) {
    if (isBad(packet)) throw packet.problem;
    return ztf.readAlert(packet);
  }
  throw new Error(`${file} is empty`);
}

/** File, measured points, and time, flux (DN) and band of the first of them, as fastavro 1.13.1 (Python) reads them. */
const FILES = [
  ['v4.01_2475433850015015001.avro', 7, 2460227.8604861, -12.086372375488281, 'r'],
  ['v4.02_2695378462115010012.avro', 10, 2460447.9202778, -11859.8798828125, 'g'],
  ['v4.02_2982177112815010003.avro', 14, 2460734.6670486, -982.1889038085938, 'g'],
] as const;

describeWithData('forced photometry in alerts of ZTF', () => {
  it.each(FILES)('of %s: %i measured points, the first at JD %f', async (file, count, jd, flux, band) => {
    const { datapoints } = await alertIn(file);
    const forced = datapoints.filter(({ kind }) => kind === 'forced');
    expect(forced).toHaveLength(count);
    expect(forced[0]).toMatchObject({ jd, band, tags: ['ZTF', 'ZTF_FP', 'ZTF_PUB', `ZTF_${band.toUpperCase()}`] });
    expect(forced[0]?.body['forcediffimflux']).toBeCloseTo(flux, 4);
    expect(new Set(forced.map(({ id }) => id)).size).toBe(count);
  });

  it('is kept, and has no part in the state that AMPEL makes, nor in what a filter sees', async () => {
    const [[file]] = FILES;
    const alert = await alertIn(file);
    const kinds = (points: readonly { readonly kind: string }[]): Set<string> =>
      new Set(points.map(({ kind }) => kind));
    expect(kinds(alert.datapoints)).toContain('forced');
    expect(kinds(stateMembers(alert.datapoints, alert.jd))).not.toContain('forced');
    const history = ztf.filterInput(alert, ['ZTF_PUB'])?.history ?? [];
    expect(history.filter((point) => point['forcediffimflux'] !== undefined)).toEqual([]);
  });
});
