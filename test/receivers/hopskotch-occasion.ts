import type { Datapoint } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';

/** Beyond 2^53, as LSST's ids are. */
export const LSST_STOCK = '170463893335834629';

export function lsstPoint(over: Partial<Datapoint> & Pick<Datapoint, 'body'>): Datapoint {
  const { body, band = 'i', kind = 'detection' } = over;
  const part = kind === 'forced' ? 'LSST_FP' : 'LSST_DP';
  const mjdTai = Number(body['midpointMjdTai']);
  return {
    ...{ id: '1', kind, band, jd: mjdTai + 2_400_000.5 - 37 / 86_400, tags: ['LSST', `LSST_I`, part] },
    ...over,
  };
}

/** An object of LSST with two visits, of which the first has forced photometry too. */
export function lsstOccasion(over: Partial<Occasion> = {}): Occasion {
  const datapoints: Datapoint[] = [
    {
      ...{ id: '9', kind: 'object', jd: 2_461_195, band: '', tags: ['LSST', 'LSST_OBJ'] },
      body: { ra: 149.7, raErr: 0.00002, dec: 1.46, decErr: 0.00003, ra_dec_Cov: 1e-12 },
    },
    lsstPoint({ id: '12', band: 'r', body: { midpointMjdTai: 61194, psfFlux: 7100, psfFluxErr: 350 } }),
    lsstPoint({ id: '11', body: { midpointMjdTai: 61189, psfFlux: 6053.6, psfFluxErr: 403.4 } }),
    lsstPoint({ id: '21', kind: 'forced', body: { midpointMjdTai: 61189, psfFlux: 6000.5, psfFluxErr: 400.25 } }),
    {
      ...{ id: '31', kind: 'upperLimit', jd: 2_461_100, band: 'g', tags: ['LSST', 'LSST_ND'] },
      body: { diaNoise: 70 },
    },
  ];
  return {
    ...{ key: 'INFANTS/publish/1', channel: 'INFANTS', rule: 'publish', objectId: LSST_STOCK, stock: LSST_STOCK },
    ...{ position: { ra: 149.6, dec: 1.4 }, dueJd: 2_461_195, alertId: '12' },
    state: { link: '7', datapoints },
    results: { T2BazinFit: { chi2: 1.25, band: 'r', fits: null }, T2Other: { secret: 5 } },
    earlier: [],
    ...over,
  };
}
