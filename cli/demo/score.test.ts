import { scoreOf, type Sighting } from './score.js';

const sighting = (objectId: string, kind: Sighting['class'], alerts = 2, isNew = true): Sighting => ({
  ...{ objectId, class: kind, alerts, isNew },
});

describe('the score of a channel against the truth', () => {
  it('counts new transients that were accepted, of those seen twice, and accepted objects that are transients', () => {
    const sightings = [
      sighting('found', 'SN Ia'),
      sighting('missed', 'SN II', 4),
      sighting('flare', 'TDE', 3),
      sighting('quasar', 'AGN', 9),
      sighting('star', 'variable star', 9),
    ];
    expect(scoreOf(sightings, ['found', 'flare', 'quasar'])).toEqual({
      completeness: { found: 2, of: 3, fraction: 2 / 3 },
      purity: { found: 2, of: 3, fraction: 2 / 3 },
      accepted: { 'SN Ia': 1, TDE: 1, AGN: 1 },
    });
  });

  it('asks nobody to find a supernova that was seen once, nor one that is older than the nights', () => {
    const sightings = [sighting('once', 'SN Ia', 1), sighting('old', 'SN Ia', 5, false)];
    expect(scoreOf(sightings, []).completeness).toEqual({ found: 0, of: 0, fraction: null });
  });

  it('does not hold an old supernova against purity', () => {
    expect(scoreOf([sighting('old', 'SN Ia', 5, false)], ['old']).purity).toEqual({ found: 1, of: 1, fraction: 1 });
  });

  it('counts an accepted object that the truth does not know as a wrong one, and each object once', () => {
    expect(scoreOf([sighting('found', 'SN Ia')], ['found', 'found', 'stranger']).purity).toEqual({
      ...{ found: 1, of: 2, fraction: 0.5 },
    });
  });
});
