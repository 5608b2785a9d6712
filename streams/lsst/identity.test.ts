import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { hashOfBson } from '../body-hash.js';
import { datapointId, lsstTags, maySee } from './identity.js';

const BODY = {
  ...{ diaSourceId: '3527242430321524769', visit: '6570001', midpointMjdTai: 61314.27337522106 },
  ...{ ra: 51.60671443071681, dec: -28.368006933142542, snr: 5.355347156524658 },
  ...{ psfFlux: 1485.483642578125, psfFluxErr: 275.9908142089844, band: 'g' },
};

describe('the id of an LSST datapoint', () => {
  // pymongo 4 and xxhash on the same bodies.
  it('is the hash of its body in the order of the names', () => {
    expect(datapointId(BODY)).toBe('489668465856067617');
    expect(datapointId(Object.fromEntries(Object.entries(BODY).reverse()))).toBe('489668465856067617');
  });

  it('changes with the measurement', () => {
    expect(datapointId({ ...BODY, psfFlux: 1485.5 })).not.toBe('489668465856067617');
    expect(datapointId({ ...BODY, snr: null })).not.toBe('489668465856067617');
  });

  it.each([
    ['a whole number of nJy is a double', { psfFlux: 100 }, { psfFlux: new BSON.Double(100) }],
    ['a visit is a 32-bit integer', { visit: '6570001' }, { visit: new BSON.Int32(6570001) }],
    ['the smallest of these', { visit: '-2147483648' }, { visit: new BSON.Int32(-2147483648) }],
    ['what does not fit has 64 bits', { visit: '2147483648' }, { visit: BSON.Long.fromString('2147483648') }],
    ['a number of sources is an integer', { nDiaSources: 2 }, { nDiaSources: new BSON.Int32(2) }],
    ['what is missing is null', { snr: null }, { snr: null }],
    ['not a number is one', { raErr: NaN }, { raErr: new BSON.Double(NaN) }],
    ['text and flags are themselves', { band: 'r', isNegative: true }, { band: 'r', isNegative: true }],
  ])('is that of the BSON that AMPEL hashes: %s', (_, body, document) => {
    expect(datapointId(body)).toBe(hashOfBson(document));
  });
});

describe('the tags of an LSST datapoint', () => {
  it("are AMPEL's: survey, band, part", () => {
    expect(lsstTags('DP', 'y')).toEqual(['LSST', 'LSST_Y', 'LSST_DP']);
    expect(lsstTags('OBJ')).toEqual(['LSST', 'LSST_OBJ']);
  });

  it('open it to channels that read LSST', () => {
    expect(maySee(lsstTags('FP', 'g'), ['LSST'])).toBe(true);
    expect(maySee(lsstTags('FP', 'g'), ['ZTF_PUB'])).toBe(false);
    expect(maySee(['ZTF', 'ZTF_PUB'], ['LSST'])).toBe(false);
  });
});

describeWithData('datapoints that AMPEL stored of a simulated LSST alert', () => {
  interface Stored {
    readonly id: BSON.Long;
    readonly tag: readonly string[];
    readonly body: Readonly<Record<string, unknown>>;
  }
  const stored = BSON.deserialize(readFileSync(join(sharedData, 'lsst/ampel/25409136044802058.bson')), {
    promoteValues: false,
    promoteLongs: false,
  })['datapoints'] as Stored[];

  it('have the ids that the hash of their bodies gives, all eight', () => {
    expect(stored).toHaveLength(8);
    for (const { id, body } of stored) {
      expect(hashOfBson(sortedBson(body))).toBe(id.toString());
    }
  });

  it('of forced photometry hash the same from the values as the survey reads them', () => {
    const forced = stored.filter(({ tag }) => tag.includes('LSST_FP'));
    expect(forced).toHaveLength(4);
    for (const { body } of forced) {
      // AMPEL kept all fields then; it has left out this one since.
      const { detector, ...kept } = body;
      expect(detector).toBeInstanceOf(BSON.Int32);
      const values = Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, plain(value)]));
      expect(datapointId(values)).toBe(hashOfBson(sortedBson(kept)));
    }
  });
});

function sortedBson(body: Readonly<Record<string, unknown>>): BSON.Document {
  return Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A value as it comes from Avro: 64-bit integers as decimal strings. */
function plain(value: unknown): string | number | null {
  if (value instanceof BSON.Long) return value.toString();
  if (value instanceof BSON.Int32 || value instanceof BSON.Double) return value.valueOf();
  return typeof value === 'string' ? value : null;
}
