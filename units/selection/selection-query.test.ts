import type { SelectedObject } from '../../model/population.js';
import { QueryProblem, selectionQuery } from './selection-query.js';

const OBJECT: SelectedObject = {
  ...{ objectId: 'ZTF21aaaaaaa', stock: '1', position: { ra: 150, dec: -20 }, firstAcceptedJd: 2_459_400 },
  ...{ lastDetection: { jd: 2_459_401, band: 'g', mag: 18.5 }, detections: 3, upperLimits: 8 },
  results: { T2Fit: { chi2: 1.5, model: 'salt2', params: [1, 2], redshift: null } },
};

describe('selectionQuery', () => {
  it.each([
    [{}, true],
    [{ objectId: 'ZTF21aaaaaaa' }, true],
    [{ objectId: { $in: ['A', 'B'] } }, false],
    [{ 'position.dec': { $gte: -30, $lt: 30 } }, true],
    [{ 'results.T2Fit.chi2': { $lt: 1 } }, false],
    [{ $or: [{ 'results.T2Fit.chi2': { $lt: 1 } }, { detections: { $gt: 2 } }] }, true],
    [{ $nor: [{ detections: 3 }] }, false],
    [{ 'results.T2Fit.chi2': { $not: { $gt: 1 } } }, false],
    [{ 'results.T2Other': { $exists: true } }, false],
    [{ 'results.T2Fit.params': { $size: 2 } }, true],
    [{ 'results.T2Fit.params': { $elemMatch: { $gt: 1 } } }, true],
    // As in MongoDB: what is null is not less than a number, and equals null.
    [{ 'results.T2Fit.redshift': { $lt: 5 } }, false],
    [{ 'results.T2Fit.nothing': null }, true],
    [{ 'lastDetection.band': { $ne: 'r' } }, true],
  ])('%j: %s', (query, expected) => {
    expect(selectionQuery(query)(OBJECT)).toBe(expected);
  });

  it.each([
    [{ $where: 'sleep(1e9)' }, '$where'],
    [{ $expr: { $function: {} } }, '$expr'],
    [{ objectId: { $regex: '(a+)+$' } }, '$regex'],
    [{ $or: [] }, '$or: expected a list of queries'],
    [{ $and: [3] }, '$and: expected a mapping'],
    [{ objectId: { $in: 'A' } }, 'objectId.$in: expected a list'],
    [{ detections: { $gtt: 1 } }, 'did you mean "$gt"?'],
    [{ detections: { $not: { $where: '1' } } }, '$where'],
    [{ channels: 'OTHER' }, 'found channels, expected one of objectId'],
    [{ 'constructor.name': 'x' }, 'found constructor'],
    [{ objectId: 'x'.repeat(20_000) }, 'expected 10000 letters at most'],
  ])('refuses %j', (query, message) => {
    expect(() => selectionQuery(query)).toThrow(QueryProblem);
    expect(() => selectionQuery(query)).toThrow(message);
  });
});
