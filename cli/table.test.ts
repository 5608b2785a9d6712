import { table } from './table.js';

describe('a table for a terminal', () => {
  it('has one rule, numbers to the right and nothing after the last letter of a line', () => {
    expect(
      table(
        ['reason', 'alerts', 'meaning'],
        [
          ['nDet', 4040, 'too few detections'],
          ['rb', 80, undefined],
        ],
        80,
      ),
    ).toBe(
      [
        'reason  alerts  meaning',
        '──────────────────────────────────',
        'nDet      4040  too few detections',
        'rb          80',
      ].join('\n'),
    );
  });

  it('wraps the last column where the terminal is narrow', () => {
    const text = table(['reason', 'meaning'], [['nDet', 'fewer detections in the packet than min_ndet']], 40);
    expect(text.split('\n').slice(2)).toEqual(['nDet    fewer detections in the packet', '        than min_ndet']);
  });

  it('is as wide as it must be in a file', () => {
    const meaning = 'history in the archive not between min_archive_tspan and max_archive_tspan'.repeat(2);
    expect(table(['reason', 'meaning'], [['archive_tspan', meaning]], undefined)).toContain(meaning);
  });
});
