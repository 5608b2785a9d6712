import type { Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import { detection, occasion, upperLimit } from '../../test/receivers/tns-occasion.js';
import { composeReport, type ReportRules } from './at-report.js';

const rules: ReportRules = {
  ...{ groups: { reporting: 82, dataSource: 48 }, reporter: 'A. Ampel (HU Berlin)', atType: 1, tag: 'ZTF' },
  ...{ filters: { g: 110, r: 111, i: 112 }, instrument: 196, exposureSeconds: 30, minDetections: 2, minLimitMag: 19.5 },
};

function compose(datapoints: readonly Datapoint[], over: Partial<ReportRules> = {}): Record<string, Json> {
  const message = composeReport({ ...occasion, state: { link: '1', datapoints } }, { ...rules, ...over });
  return message as Record<string, Json>;
}

const [first, second] = [detection(2458427.8, 18.9), detection(2458429.8, 18.6)];
const exposure = { flux_unitid: '1', instrumentid: '196', exptime: '30', observer: 'Robot' };

describe('the message of TNSReport', () => {
  it('is the report of the first detection, with the last deep limit before it', () => {
    expect(composeReport(occasion, { ...rules, remarks: 'By a filter.' })).toEqual({
      internalName: 'ZTF18abxhyqv',
      position: { ra: 21.639952, dec: 31.616367 },
      refusal: null,
      report: {
        at_report: {
          0: {
            ra: { value: 21.639952, error: 1, units: 'arcsec' },
            dec: { value: 31.616367, error: 1, units: 'arcsec' },
            reporting_groupid: '82',
            data_source_groupid: '48',
            reporter: 'A. Ampel (HU Berlin)',
            discovery_datetime: '2018-11-05 07:12:00.000',
            at_type: '1',
            internal_name: 'ZTF18abxhyqv',
            remarks: 'By a filter.',
            non_detection: { ...exposure, obsdate: '2018-11-03 07:12:00.000', filterid: '110', limiting_flux: 20.1 },
            photometry: {
              photometry_group: {
                0: {
                  ...{ ...exposure, obsdate: '2018-11-05 07:12:00.000', filterid: '110' },
                  ...{ flux: 18.9, flux_error: 0.08, limiting_flux: 20.52 },
                },
                1: {
                  ...{ ...exposure, obsdate: '2018-11-07 07:12:00.000', filterid: '111' },
                  ...{ flux: 18.6, flux_error: 0.08, limiting_flux: 20.52 },
                },
              },
            },
          },
        },
      },
    });
  });

  it('says so where there is no limit before the discovery', () => {
    const { report } = compose([first, second, upperLimit(2458428.8, 20.3), upperLimit(2458426.8, 18.2)]);
    const archival_remarks = 'no ZTF limit of 19.5 mag or deeper is at hand from before the discovery';
    expect(report).toMatchObject({ at_report: { 0: { non_detection: { archiveid: '0', archival_remarks } } } });
  });

  it('tells of the first five detections', () => {
    const many = Array.from({ length: 9 }, (_, i) => detection(2458427.8 + i, 18));
    const { report } = compose(many.reverse());
    const { at_report } = report as { at_report: { 0: { photometry: { photometry_group: Record<string, unknown> } } } };
    expect(Object.values(at_report[0].photometry.photometry_group)).toMatchObject([
      { obsdate: '2018-11-05 07:12:00.000' },
      ...[6, 7, 8, 9].map((day) => ({ obsdate: `2018-11-0${day} 07:12:00.000` })),
    ]);
  });

  const other = detection(2458420.8, 17, { tags: ['LSST', 'LSST_R'] });
  const negative = detection(2458421.8, 17, { body: { ...first.body, isdiffpos: 'f' } });
  const forced = detection(2458422.8, 17, { kind: 'forced' });
  const unknownBand = detection(2458423.8, 17, { band: 'z' });

  it('leaves out other surveys, negative and forced points and filters without a number', () => {
    expect(compose([other, negative, forced, unknownBand, first, second])).toEqual(compose([first, second]));
  });

  it.each([
    [[], {}, 'too few detections: 0 of ZTF in filters of TNS, expected 2 at least'],
    [[first, other, negative], {}, 'too few detections: 1 of ZTF in filters of TNS, expected 2 at least'],
    [[first, second], { maxAgeDays: 2 }, 'too old: first detected 2.45 d before, expected 2 d at most'],
    [[first, second], { maxAgeDays: 2.5, maxMag: 18.5 }, 'too faint: 18.60 mag at best, expected 18.5 or brighter'],
    [[first, second], { maxAgeDays: 2.5, maxMag: 18.6 }, null],
  ])('says why there is nothing to send (%#)', (datapoints, over, refusal) => {
    expect(compose(datapoints, over)['refusal']).toBe(refusal);
  });

  it('has no report without a position', () => {
    const nowhere = { ra: NaN, dec: NaN };
    const datapoints = [first, second].map((one) => ({ ...one, body: { ...one.body, ra: null } }));
    const message = composeReport({ ...occasion, position: nowhere, state: { link: '1', datapoints } }, rules);
    expect(message).toMatchObject({ refusal: 'no position', position: null, report: null });
  });
});
