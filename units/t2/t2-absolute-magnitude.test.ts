import type { Json } from '../../model/canonical-json.js';
import { BadInput } from '../define.js';
import { parseConfig } from '../parse-config.js';
import { checkedResult } from '../run-t2.js';
import { t2AbsoluteMagnitude } from './t2-absolute-magnitude.js';

const OBJECT = 'ZTF18abxhyqv';
const PEAKS = { ndet: 5, mag_det: 19, jd_peak_r: 2459000.5, mag_peak: null, mag_peak_r: 18, mag_peak_g: 17.5 };

function absolute(config: object, body: Json = PEAKS): Record<string, number> {
  const curve = { objectId: OBJECT, stock: '1', link: '1', datapoints: [] };
  const needed = { T2RiseDeclineStat: [{ link: '1', body }] };
  const result = t2AbsoluteMagnitude.run(curve, t2AbsoluteMagnitude.config.parse(config), needed);
  checkedResult(t2AbsoluteMagnitude, result);
  return result;
}

describe('the absolute magnitude at the peak', () => {
  // Golden values: astropy 8.0, FlatLambdaCDM(H0, Om0, Tcmb0=0).distmod(0.05); 2.5 log10(1.05) = 0.05297324767484523.
  it('is the apparent one less the distance modulus, with the K correction of a flat spectrum', () => {
    const found = absolute({ redshift: 0.05 });
    expect(Object.keys(found).sort()).toEqual(['abs_mag_peak_g', 'abs_mag_peak_r', 'distance_modulus', 'z']);
    expect(found['z']).toBe(0.05);
    expect(found['distance_modulus']).toBeCloseTo(36.73459039451254, 7);
    expect(found['abs_mag_peak_r']).toBeCloseTo(18 - 36.73459039451254 + 0.05297324767484523, 7);
    expect(found['abs_mag_peak_g']).toBeCloseTo(17.5 - 36.73459039451254 + 0.05297324767484523, 7);
  });

  it.each([
    [{ H0: 67.4, Om0: 0.315 }, 36.81556232620697],
    [{ Om0: 1 }, 36.679788428250596],
  ])('is of the universe that the config says: %j', (universe, modulus) => {
    const found = absolute({ redshift: 0.05, k_correction: false, ...universe });
    expect(found['abs_mag_peak_r']).toBeCloseTo(18 - modulus, 7);
  });

  it('takes the redshift of the object before that of all, and the peak of all bands once there is one', () => {
    expect(absolute({ redshift: 0.05, redshifts: { [OBJECT]: 0.5 } })['distance_modulus']).toBeCloseTo(42.2611854, 6);
    expect(absolute({ redshift: 0.5 }, { ...PEAKS, mag_peak: 17.5 })).toHaveProperty('abs_mag_peak');
  });

  it('is none without a redshift, and says where one can stand', () => {
    const run = (): object => absolute({ redshifts: { ZTF18aaaaaaa: 0.1 } });
    expect(run).toThrow(BadInput);
    expect(run).toThrow(`no redshift for ${OBJECT}: give redshift or redshifts in the config`);
  });

  it('takes no redshift that has no distance', () => {
    expect(parseConfig(t2AbsoluteMagnitude, { redshift: 0 }).ok).toBe(false);
    expect(parseConfig(t2AbsoluteMagnitude, { redshifts: { [OBJECT]: -0.1 } }).ok).toBe(false);
  });
});
