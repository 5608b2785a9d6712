import { inspectHeading, InspectSummary, inspectRow } from './inspect-text.js';
import type { InspectedAlert } from './inspected-alert.js';

function alertOf(objectId: string, jd: number): InspectedAlert {
  const point = { jd, band: 'r', tags: ['ZTF', 'ZTF_PUB', 'ZTF_R'] };
  return {
    ...{ survey: 'ztf', alertId: '673285273115015035', objectId, stock: '360504273', jd },
    position: { ra: 21.6399952, dec: -1.5 },
    datapoints: [
      { ...point, id: '673285273115015035', kind: 'detection' },
      { ...point, id: '-6433606133120946', kind: 'upperLimit' },
      { ...point, id: '-6433606133120947', kind: 'upperLimit' },
    ],
    state: '-118318261',
  };
}

describe('an alert for a reader', () => {
  it('is one line under a heading, narrow enough for a terminal of 100 columns', () => {
    const row = inspectRow(alertOf('ZTF18abxhyqv', 2458427.7852778), 12);
    expect([inspectHeading(12), row]).toEqual([
      'object                      alert  night       band   ra (deg)  dec (deg)  det  lim        state',
      'ZTF18abxhyqv   673285273115015035  2018-11-05  r      21.64000   -1.50000    1    2   -118318261',
    ]);
  });
});

describe('the summary of many alerts', () => {
  it('counts objects and nights once, and points in each packet', () => {
    const summary = new InspectSummary();
    for (const jd of [2458427.7852778, 2458427.9, 2458633.961412]) summary.add(alertOf('ZTF18abxhyqv', jd));
    expect(summary.text({ read: 3, unreadable: 2 })).toBe(
      '3 alerts, 1 object, 2 nights (2018-11-05 to 2019-05-30)\n3 detections, 6 upper limits; 2 unreadable',
    );
  });

  it('has no nights where nothing could be read', () => {
    expect(new InspectSummary().text({ read: 0, unreadable: 1 })).toBe(
      '0 alerts, 0 objects, 0 nights\n0 detections, 0 upper limits; 1 unreadable',
    );
  });
});
