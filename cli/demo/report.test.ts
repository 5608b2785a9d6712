import { nextCommands, reportText, type DemoReport } from './report.js';

const report: DemoReport = {
  figures: {
    ...{ alerts: 110, unreadable: 1, rejected: { tSpan: 80, nDet: 20, rb: 5 }, rejectedWhileFollowed: 2 },
    ...{ accepted: { alerts: 4, objects: 3 }, states: 4, results: 8 },
    reactions: {
      'new-candidate': { sent: 3, calledOff: 0, waiting: 0, failed: 0 },
      'single-night': { sent: 1, calledOff: 1, waiting: 0, failed: 1 },
    },
  },
  clock: { runs: 2, objects: 5, sent: 2 },
  night: { date: '2021-07-02', file: 'night.html' },
  received: { reactions: 4, repeated: 0 },
  score: {
    completeness: { found: 2, of: 3, fraction: 2 / 3 },
    purity: { found: 2, of: 3, fraction: 2 / 3 },
    accepted: { AGN: 1, 'SN Ia': 2 },
  },
  best: [{ objectId: 'ZTF21doqvjjy', link: '1', detections: 6, mag: 18.51, class: 'SN Ia' }],
};

/** Lines of the report without the columns' blanks. */
function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
}

describe('the report of the demo', () => {
  it('says what became of all alerts, most frequent reasons of rejection by their names', () => {
    const lines = linesOf(reportText(report, []));
    expect(lines).toContain('alerts 110');
    expect(lines).toContain('rejected 105 tSpan 80, nDet 20, rb 5');
    expect(lines).toContain('accepted 4 of 3 objects');
  });

  it('tells for each rule what was sent, and why the others were not', () => {
    const lines = linesOf(reportText(report, []));
    expect(lines).toContain('sent: new-candidate 3');
    expect(lines).toContain('sent: single-night 1 1 called off by another detection, 1 refused or without an answer');
    expect(lines).toContain("received 4 each once, by the demo's own receiver");
  });

  it('tells of a reaction that came twice', () => {
    const lines = linesOf(reportText({ ...report, received: { reactions: 4, repeated: 1 } }, []));
    expect(lines).toContain('received 4 1 of them more than once');
  });

  it('names the best candidates with what they are, and gives the score against the truth', () => {
    const lines = linesOf(reportText(report, []));
    expect(lines).toContain('ZTF21doqvjjy, really SN Ia: 6 detections, last of 18.5 mag');
    expect(lines.find((line) => line.startsWith('completeness'))).toContain('67 %: 2 of 3');
    expect(lines).toContain('accepted SN Ia 2, AGN 1');
  });

  it('has no score of real nights, as nobody knows the truth', () => {
    const { figures, clock, received, best } = report;
    expect(reportText({ figures, clock, received, best }, [])).not.toMatch(/completeness|purity/);
  });
});

describe('what to try next', () => {
  const addresses = {
    temporal: { address: '127.0.0.1:7233', namespace: 'default', uiUrl: 'http://127.0.0.1:8233' },
    mongodb: { uri: 'mongodb://127.0.0.1:27017/?replicaSet=rs0', database: 'ampel' },
  };

  it('is a look at the best candidate while the servers stay, with their addresses', () => {
    const text = nextCommands({ report, addresses, stays: true, keeps: false });
    expect(text).toContain('http://127.0.0.1:8233');
    expect(text).toContain("AMPEL_MONGODB_URI='mongodb://127.0.0.1:27017/?replicaSet=rs0'");
    expect(text).toContain('npx ampel explain ZTF21doqvjjy');
  });

  it('asks for no servers where they are gone', () => {
    const text = nextCommands({ report, addresses, stays: false, keeps: false });
    expect(text).not.toContain('ZTF21doqvjjy');
    expect(text).toContain('npx ampel channel try');
  });

  it('starts the servers again where the data were kept', () => {
    const text = nextCommands({ report, addresses, stays: false, keeps: true });
    expect(text).toContain('npx ampel up');
    expect(text).toContain('npx ampel explain ZTF21doqvjjy');
  });
});
