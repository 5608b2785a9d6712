import { errorsOf, NOVAE } from '../test/novae-channel.js';

describe('the check of a channel against its survey', () => {
  it('finds a right to data of another survey', () => {
    const errors = errorsOf(NOVAE.replace('[ZTF_PUB]', '[ZTF_PUB, LSST]'));
    expect(errors).toEqual([
      '4:19 access[1]: LSST is a right to data of another survey, expected ZTF_PUB or ZTF_PRIV for ztf',
    ]);
  });

  it('finds a filter that reads fields of another survey', () => {
    const errors = errorsOf(NOVAE.replace('stream: ztf', 'stream: lsst').replace('[ZTF_PUB]', '[LSST]'));
    expect(errors).toEqual(['6:9 t0.unit: BrightFilter reads alerts of ztf, expected a filter for lsst; known: none']);
  });
});
