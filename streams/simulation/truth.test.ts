import { parseTruth, truthLine } from './truth.js';

const ROW = { objectId: 'ZTF21aaaaaab', class: 'SN Ia', ra: 10.5, dec: -3, redshift: 0.05, peakJd: 2459400.5 } as const;

describe('the truth table', () => {
  it('is read as it was written, line by line', () => {
    const star = { objectId: 'ZTF18aaaaaac', class: 'variable star', ra: 1, dec: 2 } as const;
    expect(parseTruth(truthLine(ROW) + truthLine(star))).toEqual([ROW, star]);
  });

  it('names the line that is no row', () => {
    expect(() => parseTruth(`${truthLine(ROW)}{"objectId":"ZTF21aaaaaab","class":"comet","ra":1,"dec":2}`)).toThrow(
      /line 2 of the truth table is no row/,
    );
    expect(() => parseTruth('SN Ia')).toThrow('line 1 of the truth table is not JSON: SN Ia');
  });
});
