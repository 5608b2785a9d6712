import { decentFilter } from '../../units/t0/decent-filter.js';
import { containerItems } from '../avro/container-records.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { ztf } from '../ztf/survey.js';
import { simulateNight, type NightOptions } from './simulate-night.js';

/** AMPEL's HU_RAPID preset, without the question to Gaia. */
const HU_RAPID = decentFilter.config.parse({
  ...{ min_ndet: 2, min_tspan: -666, max_tspan: 5, min_rb: 0.3, max_fwhm: 5.5, max_elong: 1.4, max_magdiff: 1 },
  ...{ max_nbad: 0, min_sso_dist: 20, min_gal_lat: 14, gaia_rs: 0, gaia_pm_signif: 3, gaia_plx_signif: 3 },
  ...{ gaia_veto_gmag_min: 9, gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999 },
  ...{ ps1_sgveto_rad: 1, ps1_sgveto_th: 0.8, ps1_confusion_rad: 3, ps1_confusion_sg_tol: 0.1 },
});

/** Share of the alerts that the filter accepts, and share of transients among these. */
function screened(options: NightOptions): { alerts: number; accepted: number; purity: number } {
  const night = simulateNight(options);
  const truth = new Map(night.truth.map((row) => [row.objectId, row.class]));
  const schemas = new SchemaCache();
  const read = ztf.screenReader(decentFilter.reads);
  const accepted: string[] = [];
  let offset = 0;
  for (const { packet } of night.alerts) {
    for (const item of containerItems(packet, schemas)) {
      if ('problem' in item) throw item.problem;
      const alert = read({ ...item, partition: 'archive', offset: offset++, place: '' });
      const input = alert.view(['ZTF_PUB']);
      if (input !== undefined && decentFilter.run(input, HU_RAPID).accepted) accepted.push(alert.objectId);
    }
  }
  const transients = accepted.filter((name) => /^(SN|TDE)/.test(truth.get(name) ?? ''));
  return { alerts: offset, accepted: accepted.length / offset, purity: transients.length / accepted.length };
}

describe('one big night', () => {
  it('has exactly as many alerts as asked, of which DecentFilter with HU_RAPID takes one in a hundred, mostly young supernovae', () => {
    const { alerts, accepted, purity } = screened({ seed: 3, alerts: 4000 });
    expect(alerts).toBe(4000);
    expect(accepted).toBeGreaterThan(0.006);
    expect(accepted).toBeLessThan(0.014);
    expect(purity).toBeGreaterThan(0.5);
    expect(purity).toBeLessThan(0.95);
  });

  it('has more to accept where more is asked for', () => {
    const { alerts, accepted } = screened({ seed: 3, alerts: 2000, acceptedFraction: 0.03 });
    expect(alerts).toBe(2000);
    expect(accepted).toBeGreaterThan(0.02);
    expect(() => simulateNight({ seed: 3, alerts: 10, acceptedFraction: 0.5 })).toThrow(
      'acceptedFraction is 0.5, expected 0.005 to 0.05',
    );
  });
});
