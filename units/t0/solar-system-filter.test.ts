import { join } from 'node:path';
import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { readArchive } from '../../streams/archive/archive.js';
import { lsst } from '../../streams/lsst/survey.js';
import { isBad } from '../../streams/packet.js';
import { Unreadable } from '../../streams/avro/unreadable.js';
import { ztf } from '../../streams/ztf/survey.js';
import type { Survey } from '../../streams/survey.js';
import { surveyOf } from '../../streams/surveys.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { lsstPacket, SOURCE, SS_OBJECT } from '../../test/lsst-packet.js';
import { readsOf } from '../define.js';
import { parseConfig } from '../parse-config.js';
import { solarSystemFilter } from './solar-system-filter.js';

type Config = ReturnType<typeof solarSystemFilter.config.parse>;

const DEFAULTS = solarSystemFilter.config.parse({});
const ACCEPTED: Verdict = { accepted: true };

function bind(survey: string, config: Partial<Config> = {}): ReturnType<typeof solarSystemFilter.bind> {
  return solarSystemFilter.bind({ ...DEFAULTS, ...config }, { survey, files: new Map() });
}

/** At 18.5 mag, no known object nearby; detected three days before, and a minute before; a limit. */
const ZTF_CANDIDATE: Fields = { ...(CANDIDATE as Fields), ssmagnr: -999 };
const ZTF_HISTORY: readonly Fields[] = [
  { jd: 2458426.749, candid: '1' },
  { jd: 2458424.75, candid: null },
  { jd: 2458423.75, candid: '2' },
];

function decideZtf(candidate: Fields, config: Partial<Config> = {}, history = ZTF_HISTORY): Verdict {
  return bind('ztf', config)({ objectId: 'ZTF18abxhyqv', candidate: { ...ZTF_CANDIDATE, ...candidate }, history });
}

describe('SolarSystemFilter on alerts of ZTF', () => {
  const known = { ssdistnr: 1.5, ssmagnr: 19 };

  it.each<[string, Fields, Partial<Config>]>([
    ['nothing known nearby', {}, {}],
    ['nothing known nearby, by null', { ssdistnr: null, ssmagnr: null }, {}],
    ['a known object beyond the radius', { ssdistnr: 5.01 }, {}],
    ['a known object that is much fainter', { ...known, ssmagnr: 21 }, { max_mag_diff: 2 }],
  ])('accepts a detection with %s', (_, candidate, config) => {
    expect(decideZtf(candidate, config)).toEqual(ACCEPTED);
  });

  it.each<[string, Fields, Partial<Config>]>([
    ['a known object', known, {}],
    ['a known object at the radius', { ...known, ssdistnr: 5 }, {}],
    ['a known object exactly there', { ...known, ssdistnr: 0 }, {}],
    ['a known object of that magnitude', known, { max_mag_diff: 0.5 }],
    ['a known object of unknown magnitude', { ssdistnr: 1, ssmagnr: null }, { max_mag_diff: 0.5 }],
    ['a known object without a predicted magnitude', { ssdistnr: 1 }, { max_mag_diff: 0.5 }],
    ['a known object, itself without a magnitude', { ...known, magpsf: null }, { max_mag_diff: 0.1 }],
    ['a distance that is no number', { ssdistnr: NaN }, {}],
  ])('rejects a detection with %s', (_, candidate, config) => {
    const value = { ...ZTF_CANDIDATE, ...candidate }['ssdistnr'];
    expect(decideZtf(candidate, config)).toEqual({
      ...{ accepted: false, reason: 'ssdistnr', field: 'ssdistnr', value, limit: 5 },
    });
  });

  it('rejects what was not seen before at its place, or only minutes before', () => {
    expect(decideZtf({}, { min_history: 1 })).toEqual(ACCEPTED);
    expect(decideZtf({}, { min_history: 2 })).toMatchObject({ reason: 'history', value: 1, limit: 2 });
    expect(decideZtf({}, { min_history: 2, min_gap: 0 })).toEqual(ACCEPTED);
    expect(decideZtf({}, { min_history: 1 }, [])).toMatchObject({ reason: 'history', value: 0, limit: 1 });
    expect(decideZtf({}, { min_history: 1 }, [{ candid: '1', jd: null }])).toMatchObject({ reason: 'history' });
  });

  it('rejects an alert of a schema without known objects', () => {
    const run = bind('ztf');
    expect(run({ objectId: '', candidate: without(ZTF_CANDIDATE, 'ssdistnr'), history: [] })).toEqual({
      ...{ accepted: false, reason: 'missing', field: 'ssdistnr' },
    });
  });
});

describe('SolarSystemFilter on alerts of LSST', () => {
  const decide = (source: Fields, config: Partial<Config> = {}, history: readonly Fields[] = []): Verdict =>
    bind('lsst', config)({ objectId: '1', candidate: { ...(SOURCE as Fields), ...source }, history });

  it('accepts a source that is tied to a place', () => {
    for (const ssObjectId of [null, undefined, '0']) expect(decide({ ssObjectId })).toEqual(ACCEPTED);
  });

  it('rejects one of a known object', () => {
    expect(decide({ ssObjectId: '20890836203', diaObjectId: null })).toEqual({
      ...{ accepted: false, reason: 'ssObjectId', field: 'ssObjectId', value: '20890836203' },
    });
  });

  it.each([
    ['null', null, 'isNone'],
    ['0', '0', 'isNone'],
    ['absent', undefined, 'missing'],
  ])('does not accept one that is tied to nothing: %s', (_, diaObjectId, reason) => {
    expect(decide({ diaObjectId })).toEqual({ accepted: false, reason, field: 'diaObjectId' });
  });

  it('counts other sources at the place, forced photometry left out', () => {
    const forced = { diaForcedSourceId: '7', midpointMjdTai: 60990 };
    const source = { diaSourceId: '8', midpointMjdTai: 60990 };
    expect(decide({}, { min_history: 1 }, [forced])).toMatchObject({ reason: 'history', value: 0 });
    expect(decide({}, { min_history: 1 }, [forced, source])).toEqual(ACCEPTED);
  });

  it('takes packets of either kind', () => {
    const screen = lsst.screenReader(readsOf(solarSystemFilter, DEFAULTS, 'lsst'));
    const run = bind('lsst');
    const verdictOf = (packet: Parameters<typeof lsstPacket>[0]): unknown => {
      const input = screen(lsstPacket(packet)).view(['LSST']);
      return input && run(input);
    };
    expect(verdictOf({})).toEqual(ACCEPTED);
    const asteroid = { source: { diaObjectId: null, ssObjectId: '20890836203' }, object: null, ssObject: SS_OBJECT };
    expect(verdictOf(asteroid)).toMatchObject({ accepted: false, reason: 'ssObjectId' });
  });
});

describe('the declaration of SolarSystemFilter', () => {
  it.each([
    ['ztf', { ...ZTF_CANDIDATE, ssdistnr: 1, ssmagnr: 12 }, ZTF_HISTORY],
    ['lsst', SOURCE as Fields, [{ diaSourceId: '8', midpointMjdTai: 60990 }]],
  ])('names every field that is read of %s', (survey, content, points) => {
    const run = bind(survey, { max_mag_diff: 1, min_history: 1 });
    const { verdict, candidate, history } = fieldsRead({ candidate: content, history: points }, run);
    const declared = readsOf(solarSystemFilter, DEFAULTS, survey);
    expect(verdict).toEqual(ACCEPTED);
    expect(candidate).toEqual([...declared.candidate].sort());
    expect(history).toEqual([...declared.history].sort());
  });

  it('refuses a radius beyond which ZTF tells nothing', () => {
    const checked = parseConfig(solarSystemFilter, { max_sso_dist: 60 });
    const message = 'ZTF tells of known objects within 30 arcsec only, found 60';
    expect(checked.ok ? [] : checked.issues).toEqual([{ path: ['max_sso_dist'], message }]);
  });
});

describeWithData('SolarSystemFilter on real and simulated packets', () => {
  /** How many alerts each reason has, decided on the whole alert and on the declared fields alike. */
  async function tally(survey: Survey, path: string): Promise<Record<string, number>> {
    const run = bind(survey.name);
    const screen = survey.screenReader(readsOf(solarSystemFilter, DEFAULTS, survey.name));
    const reasons: Record<string, number> = {};
    for await (const packet of readArchive([join(sharedData, path)])) {
      if (isBad(packet) || surveyOf(packet.schema) !== survey) continue;
      try {
        const whole = survey.filterInput(survey.readAlert(packet), survey.access);
        const declared = screen(packet).view(survey.access);
        if (whole === undefined || declared === undefined) throw new Error('all is visible');
        const verdict = run(whole);
        expect(run(declared)).toEqual(verdict);
        const reason = verdict.accepted ? 'accepted' : verdict.reason;
        reasons[reason] = (reasons[reason] ?? 0) + 1;
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
    }
    return reasons;
  }

  // fastavro 1.13.1: candidates with 0 <= ssdistnr <= 5, all of them within 1 mag of ssmagnr
  it('finds the asteroids in six nights of ZTF', async () => {
    expect(await tally(ztf, 'ztf/nights')).toEqual({ accepted: 320, ssdistnr: 17 });
  });

  it('takes what was simulated for LSST, but not what was made up and is tied to nothing', async () => {
    expect(await tally(lsst, 'lsst/elasticc')).toEqual({ accepted: 82 });
    expect(await tally(lsst, 'lsst/ampel')).toEqual({ accepted: 13, isNone: 1 });
    expect(await tally(lsst, 'lsst/fake')).toEqual({ isNone: 4 });
  });
});
