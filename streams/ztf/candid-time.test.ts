import { join } from 'node:path';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { readArchive } from '../archive/archive.js';
import { isBad } from '../packet.js';
import { jdOfCandid } from './candid-time.js';
import { ztf } from './survey.js';

const SECOND = 1 / 86_400;

describe('the time in a candid', () => {
  it('is that of night 595, 2018-08-19, at 0.14762 of the day', () => {
    expect(jdOfCandid('595147624915010001')).toBeCloseTo(2458349.64762, 8);
  });

  it.each(['', '-5', '595', '59514762491501000112', 'x595147624915010001'])('is not in %p', (text) => {
    expect(jdOfCandid(text)).toBeUndefined();
  });
});

describeWithData('the time in the candids of real nights', () => {
  it('is the exposure to the second, in 2018 as in 2024', async () => {
    const nights = ['20180819_v3.0_30alerts.tar.gz', '2024_v4.02_13alerts.tar.gz'];
    const early: number[] = [];
    for await (const packet of readArchive(nights.map((name) => join(sharedData, 'ztf/nights', name)))) {
      if (isBad(packet)) throw packet.problem;
      const { alertId, jd } = ztf.readAlert(packet);
      early.push(jd - (jdOfCandid(alertId) ?? Number.NaN));
    }
    expect(early).toHaveLength(43);
    expect(Math.max(...early)).toBeLessThan(SECOND);
    expect(Math.min(...early)).toBeGreaterThan(-0.1 * SECOND);
  });
});
