import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import type { Notice } from '../../model/notice.js';
import { revise, type SkyEvent } from '../../model/sky-event.js';
import { readNotice } from './read-notice.js';

function noticeOf(file: string): Notice {
  const bytes = readFileSync(join(sharedData, 'gcn', file));
  return readNotice(file.endsWith('.gz') ? gunzipSync(bytes) : bytes).notice;
}

function eventOf(notices: readonly Notice[]): SkyEvent | undefined {
  return notices.reduce<SkyEvent | undefined>(revise, undefined);
}

const STEPS = ['1-EarlyWarning', '2-Preliminary', '3-Initial', '4-Update', '5-Retraction', '6-Update'];

describeWithData('the sample alerts of LIGO/Virgo/KAGRA', () => {
  const notices = STEPS.map((step) => noticeOf(`lvk_userguide/MS181101ab-${step}.xml`));

  it('add up to one mock event, retracted, with its six notices by time of issue', () => {
    const event = eventOf(notices);
    expect(event).toMatchObject({ id: 'mock/LVK:MS181101ab', state: 'retracted', role: 'mock' });
    expect(event?.revisions.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 6, 5]);
    expect(event?.jointSkyMap?.url).toMatch(/combined-ext/);
  });

  it('are active until the retraction', () => {
    expect(eventOf(notices.slice(0, 4))?.state).toBe('active');
    expect(eventOf(notices.slice(0, 5))?.state).toBe('retracted');
  });

  it('give the same event in any order and with any repetition', () => {
    const inOrder = JSON.stringify(eventOf(notices));
    const twice = fc.shuffledSubarray([...notices, ...notices], { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(twice, (arrivals) => {
        expect(JSON.stringify(eventOf(arrivals))).toBe(inOrder);
      }),
      { numRuns: 500 },
    );
  });

  it('are of one event, whether they come as VOEvent or as JSON', () => {
    const json = ['preliminary.json.gz', 'update.json.gz', 'retraction.json'].map((name) =>
      noticeOf(`lvk_userguide/MS181101ab-${name}`),
    );
    const event = eventOf([...json, ...notices]);
    expect(event?.revisions).toHaveLength(9);
    expect(event?.state).toBe('retracted');
    expect(new Set([...json, ...notices].map(({ eventId }) => eventId))).toEqual(new Set(['LVK:MS181101ab']));
  });
});

describeWithData('revisions of real events', () => {
  it('give S200115j the sky map of its update', () => {
    const event = eventOf(['5-Update', '4-Initial'].map((step) => noticeOf(`voevent/lvc/S200115j-${step}.xml`)));
    expect([event?.state, event?.skyMap?.url]).toEqual([
      'active',
      'https://gracedb.ligo.org/api/superevents/S200115j/files/LALInference.fits.gz,0',
    ]);
  });

  it('give GRB 180116A the position that people measured, also where it comes first', () => {
    const names = ['4_Fin_Pos', '1_Alert', '3_Gnd_Pos', '2_Flt_Pos'];
    const event = eventOf(names.map((name) => noticeOf(`voevent/fermi/GRB180116A_GBM_${name}.xml`)));
    expect(event?.position).toMatchObject({ ra: 212.77, dec: 27.05, errorRadiusDeg: 5.2 });
    expect(event?.significance).toMatchObject({ snr: 8.6 });
  });

  it('keep GUANO’s candidate retracted: its update was sent later but is numbered before', () => {
    const names = ['Guano', 'Guano.Retraction', 'guano.loc_arc_min', 'guano.loc_map'];
    const event = eventOf(names.map((name) => noticeOf(`json_examples/swift__bat__${name}.example.json`)));
    expect([event?.state, event?.revisions.length, event?.position?.ra]).toEqual(['retracted', 4, 336.26]);
  });
});
