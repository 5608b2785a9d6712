import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import type { Notice } from '../../model/notice.js';
import { readNotice } from './read-notice.js';

function noticeOf(file: string): Notice {
  return readNotice(readFileSync(join(sharedData, 'gcn', file))).notice;
}

// Expected values were read in the files; Julian dates are from Python's calendar.
describeWithData('VOEvents of LIGO/Virgo/KAGRA', () => {
  it('tell of S190425z, the second binary neutron star, what was announced', () => {
    const { facts, ...notice } = noticeOf('voevent/lvc/S190425z-1-Initial.xml');
    expect(notice).toEqual({
      noticeId: 'ivo://gwnet/LVC#S190425z-1-Initial',
      eventId: 'LVK:S190425z',
      names: [],
      mission: 'LVK',
      instrument: 'L1,V1',
      kind: 'initial',
      role: 'observation',
      revision: 1,
      isRetraction: false,
      issuedAt: { jd: 2458598.875590278, iso: '2019-04-25T09:00:51Z' },
      eventTime: { jd: 2458598.845891402, iso: '2019-04-25T08:18:05.017147Z' },
      skyMap: { url: 'https://gracedb.ligo.org/api/superevents/S190425z/files/bayestar.fits.gz' },
      significance: {
        farHz: 4.53764787126e-13,
        classification: { BNS: 0.999402567114, NSBH: 0, BBH: 0, MassGap: 0, Terrestrial: 0.00059743288626 },
        properties: { HasNS: 1, HasRemnant: 1 },
      },
      links: { gracedb: 'https://gracedb.ligo.org/superevents/S190425z/view/' },
      citations: [],
      relatedEvents: [],
      warnings: [],
      format: 'VOEvent',
    });
    expect(facts).toMatchObject({
      GraceID: 'S190425z',
      Packet_Type: 151,
      Pkt_Ser_Num: '1',
      Search: 'AllSky',
      'Classification/BNS': 0.999402567114,
    });
  });

  it('retract S200308e with the notices that are withdrawn, and without any significance', () => {
    const notice = noticeOf('voevent/lvc/S200308e-3-Retraction.xml');
    expect([notice.kind, notice.isRetraction, notice.revision, notice.significance]).toEqual([
      'retraction',
      true,
      3,
      {},
    ]);
    expect(notice.citations).toEqual([
      { noticeId: 'ivo://gwnet/LVC#S200308e-2-Preliminary', cite: 'retraction' },
      { noticeId: 'ivo://gwnet/LVC#S200308e-1-Preliminary', cite: 'retraction' },
    ]);
    expect(notice.skyMap).toBeUndefined();
  });

  it('tell of a coincidence with a gamma-ray burst: the other event, the joint sky map', () => {
    const notice = noticeOf('lvk_userguide/MS181101ab-6-Update.xml');
    expect(notice.relatedEvents).toEqual([
      {
        eventId: 'Fermi:524666471',
        notice: 'ivo://nasa.gsfc.gcn/Fermi#GBM_Fin_Pos2017-08-17T12:41:06.47_524666471_0-389',
      },
    ]);
    expect(notice.jointSkyMap?.url).toMatch(/combined-ext\.multiorder\.fits$/);
    expect(notice.skyMap?.url).toMatch(/bayestar\.multiorder\.fits,0$/);
    expect(notice.facts['External Coincidence/Time_Difference']).toBe(2.02);
    expect(notice.significance.isSignificant).toBe(true);
  });
});

describeWithData('VOEvents of neutrinos', () => {
  it('tell of IceCube-190730A, revised: position at 90 %, signalness, energy, rate per second', () => {
    const notice = noticeOf('voevent/icecube/IC190730A_GOLD_rev1.xml');
    expect(notice).toMatchObject({
      eventId: 'IceCube:132910_57145925',
      kind: 'update',
      role: 'observation',
      revision: 1,
      position: { ra: 225.7899, dec: 10.47, errorRadiusDeg: 1.185, containment: 0.9 },
      eventTime: { jd: 2458695.3685336807, iso: '2019-07-30T20:50:41.31Z' },
      significance: { pAstro: 0.6716, energyTev: 298.8134 },
    });
    expect(notice.significance.farHz).toBeCloseTo(2.1452835450097602e-8, 20);
    expect(notice.facts).toMatchObject({ pipeline: 'Gold Track Alert', run_id: '132910', src_error_50: 0.6624 });
  });

  it('tell of a bronze track at its first notice', () => {
    const notice = noticeOf('voevent/icecube/IC190819A_BRONZE_rev0.xml');
    expect([notice.kind, notice.revision, notice.facts['pipeline']]).toEqual(['initial', 0, 'Bronze Track Alert']);
    expect(notice.position).toEqual({ ra: 148.807, dec: 0.9571, errorRadiusDeg: 0.5134, containment: 0.9 });
    expect(notice.significance.farHz).toBeCloseTo(1.2262973103151064e-7, 19);
  });
});

describeWithData('VOEvents of gamma-ray bursts', () => {
  const gbm = (name: string): Notice => noticeOf(`voevent/fermi/GRB180116A_GBM_${name}.xml`);
  const bat = (name: string): Notice => noticeOf(`voevent/swift/1118357_${name}.xml`);

  it('follow GRB 180116A from the trigger of GBM, without a position, to the one that people measured', () => {
    const notices = ['1_Alert', '2_Flt_Pos', '3_Gnd_Pos', '4_Fin_Pos'].map(gbm);
    expect(notices.map(({ kind, position }) => [kind, position?.ra, position?.dec, position?.errorRadiusDeg])).toEqual([
      ['alert', undefined, undefined, undefined],
      ['flight position', 216.3833, 18.7, 19.8333],
      ['ground position', 214.74, 28.14, 11.19],
      ['final position', 212.77, 27.05, 5.2],
    ]);
    expect(notices.map(({ position }) => position?.containment)).toEqual([undefined, 0.68, 0.68, 0.68]);
    expect(notices.map(({ significance }) => significance.snr)).toEqual([4.6, 6.3, 8.6, undefined]);
    expect(notices[1]?.significance.classification).toEqual({ GRB: 0.97, GENERIC_SGR: 0.01 });
    expect(new Set(notices.map(({ eventTime }) => eventTime?.jd))).toEqual(new Set([2458134.525611227]));
  });

  it('take a picture of the location for a link, not for a sky map', () => {
    const notice = gbm('4_Fin_Pos');
    expect(notice.skyMap).toBeUndefined();
    expect(notice.links['LocationMap_URL']).toMatch(/glg_locplot_all_bn180116026\.png$/);
  });

  it('have the name of the burst from Swift, and its error circle of 3 arcmin', () => {
    const notice = bat('2_BAT_GRB_Pos');
    expect(notice).toMatchObject({
      eventId: 'Swift:1118357',
      names: ['GRB 220730'],
      instrument: 'BAT',
      position: { ra: 225.0208, dec: -69.4969, errorRadiusDeg: 0.05, containment: 0.9 },
      significance: { snr: 10 },
    });
    expect(notice.facts).toMatchObject({
      TrigID: '1118357',
      'Solution_Status/GRB_Identified': true,
      Bkg_Time: '15:48:42.41',
    });
  });

  it('have a position without error where Swift only repeats it', () => {
    expect(bat('4_BAT_Lightcurve').position).toEqual({ ra: 225.0208, dec: -69.4969 });
    expect(bat('3_FOM_Obs').citations).toEqual([
      { noticeId: 'ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_1118357-182', cite: 'followup' },
    ]);
  });
});
