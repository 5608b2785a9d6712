import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import type { Notice } from '../../model/notice.js';
import { readNotice } from './read-notice.js';

function noticeOf(file: string): Notice {
  return readNotice(readFileSync(join(sharedData, 'gcn/json_examples', file))).notice;
}

// Expected values were read in the files; separations and Julian dates are from Python.
describeWithData('unified notices', () => {
  it('tell of a real transient of Einstein Probe that has no id, by instrument and time', () => {
    expect(noticeOf('real_einstein_probe_EP240508.json')).toMatchObject({
      eventId: 'Einstein Probe:WXT/2024-05-08T07:38:01.151Z',
      kind: 'alert',
      eventTime: { jd: 2460438.8180688773, iso: '2024-05-08T07:38:01.151Z' },
      position: { ra: 229.837999999, dec: -29.746999999, errorRadiusDeg: 0.05089517, containment: 0.9 },
      significance: { snr: 8.2 },
    });
    expect(noticeOf('real_einstein_probe_EP240508.json').issuedAt).toBeUndefined();
  });

  it('tell of an IceCube track as its VOEvent would: run and event, signalness, energy', () => {
    expect(noticeOf('icecube__single_neutrino_alerts.gold_bronze_track_alerts.example.json')).toMatchObject({
      eventId: 'IceCube:137840_57034692',
      names: ['IceCube-230416A'],
      position: { ra: 345.82, dec: 9.01, errorRadiusDeg: 0.5, containment: 0.9, isSystematicIncluded: false },
      significance: { farHz: 8.029e-8, pAstro: 0.34064, energyTev: 127.29 },
      facts: { pipeline: 'Bronze Track Alert' },
    });
  });

  it('tell of the event of another mission that was searched', () => {
    const related = (file: string): unknown => noticeOf(file).relatedEvents;
    expect(related('icecube__lvk_nu_track_search.example.json')).toEqual([
      { eventId: 'LVK:S230914ak', notice: 'S230914ak-2-Preliminary' },
    ]);
    expect(related('swift__bat__Guano.example.json')).toEqual([{ eventId: 'Fermi:694215970' }]);
    expect(related('boom__alert.example.json')).toEqual([{ eventId: 'LVK:S251117bs' }]);
  });

  it('have the most probable direction of a search and the target of BOOM as position', () => {
    expect(noticeOf('icecube__lvk_nu_track_search.example.json').position).toEqual({ ra: 17.49, dec: 16.18 });
    const boom = noticeOf('boom__alert.example.json');
    expect(boom.position).toEqual({ ra: 150.175649, dec: 15.2832185 });
    expect(boom.significance.classification).toEqual({ 'Type II': 0.9 });
    expect(boom.facts['data/photometry/6/mag']).toBe(17.98);
  });

  it('have the radius of a circle, the axes of an ellipse, the farthest corner of a box', () => {
    const maxi = (form: string): Notice['position'] => noticeOf(`maxi__gsc.unknown.${form}.example.json`).position;
    expect(maxi('circle')?.errorRadiusDeg).toBe(1.5);
    expect(maxi('ellipse')).toMatchObject({
      errorRadiusDeg: 0.22,
      ellipse: { semiMajorDeg: 0.22, semiMinorDeg: 0.19, positionAngleDeg: 153 },
    });
    expect(maxi('rectangle')?.errorRadiusDeg).toBeCloseTo(1.2397248423206437, 12);
    expect(maxi('noerror')).toEqual({ ra: 346.56, dec: 18.61 });
  });

  it('say in GBM’s words which step it is, with the probability that holds for its circle', () => {
    const final = noticeOf('fermi__gbm__trigger.final.example.json');
    expect(final).toMatchObject({
      eventId: 'Fermi:745121685',
      names: ['bn240812094'],
      revision: 7,
      position: { errorRadiusDeg: 1, containment: 0.68 },
      issuedAt: { iso: '2024-08-24T02:24:04Z' },
    });
    expect(final.skyMap?.url).toMatch(/glg_healpix_all_bn240812094\.fit$/);
    expect(Object.keys(final.links)).toEqual(['data_archive_page', 'light_curve_url']);
  });

  it('have no sky map where the address is a whole site', () => {
    expect(noticeOf('km3net__alert.example.json').skyMap).toBeUndefined();
    expect(noticeOf('km3net__alert.example.json').links['healpix_url']).toBeUndefined();
  });
});
