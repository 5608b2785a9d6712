import type { NightReport } from './night-report.js';
import { reportPage, type DrawnCandidate } from './page.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

const CANDIDATE: DrawnCandidate = {
  ...{ objectId: HOSTILE, isNew: true, position: { ra: 150.1, dec: -20.5 } },
  pictures: [
    { title: `light curve of ${HOSTILE}`, svg: '<svg/>' },
    { title: 'image stamps', svg: '<svg></svg>' },
  ],
  curves: [],
  datapoints: [
    { id: '1', kind: 'detection', jd: 2_459_397.75, band: 'g', tags: [], body: { magpsf: 18.5 } },
    { id: '2', kind: 'upperLimit', jd: 2_459_396.75, band: 'r', tags: [], body: { diffmaglim: 20.5 } },
  ],
  results: [
    { unit: 'T2Fit', version: '1.0.0', body: { model: HOSTILE, chi2: 1.23456789012, params: [1, 2] } },
    { unit: 'T2Empty', version: '1.0.0', body: {} },
    { unit: 'T2Number', version: '1.0.0', body: 7 },
  ],
  links: ['https://example.org/object?a=1&b=2'],
  decisions: [`2021-07-02 06:00  alert 1: ${HOSTILE}`],
  reactions: [{ rule: 'tell', unit: 'SlackReaction', state: 'confirmed', answer: 'posted' }],
};

const REPORT: NightReport = {
  ...{ night: '2021-07-02', channel: { name: 'RAPID', version: '1.0.0', description: HOSTILE }, madeAt: new Date(0) },
  ...{ streams: [{ name: HOSTILE, alerts: 1234 }], refused: [{ reason: 'nDet', meaning: 'too few', count: 1000 }] },
  ...{ accepted: { objects: 3, newObjects: 1 }, candidates: [CANDIDATE], others: ['ZTF21a', 'ZTF21b'] },
  runs: [{ rule: 'morning', dueJd: 2_459_398, looked: 9, selected: 3, states: { confirmed: 1 } }],
};

describe('the page of a night', () => {
  const page = reportPage(REPORT, [CANDIDATE]);

  it('says what was seen, refused, accepted, computed, decided and told', () => {
    for (const part of [
      ...['RAPID, night of 2021-07-02', '1,234', 'nDet', 'too few', '1,000', 'morning', 'confirmed 1'],
      ...['150.10000 -20.50000 deg', '1 detection, 1 upper limit; last g 18.50 at 2021-07-02 06:00', 'T2Fit 1.0.0'],
      ...['1.2345679', 'T2Empty 1.0.0: nothing', 'tell (SlackReaction)', 'confirmed: posted', '1 decision<'],
      ...['2 more objects', 'ZTF21a, ZTF21b', 'href="https://example.org/object?a=1&amp;b=2"'],
    ]) {
      expect(page).toContain(part);
    }
  });

  it('takes no name, result or answer for markup', () => {
    expect(page).not.toContain('<img src=x');
    expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('asks no server for anything and runs nothing', () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<iframe|url\(/);
    expect(Array.from(page.matchAll(/src="([^"]*)"/g), ([, source = '']) => source.slice(0, 5))).toEqual([
      'data:',
      'data:',
    ]);
  });

  it('has something to say of a night without anything', () => {
    const empty = reportPage(
      {
        ...REPORT,
        streams: [],
        refused: [],
        runs: [],
        candidates: [],
        others: [],
        accepted: { objects: 0, newObjects: 0 },
      },
      [],
    );
    expect(empty).toContain('No receipt tells of an alert of this night.');
    expect(empty).toContain('Nothing was accepted.');
  });
});
