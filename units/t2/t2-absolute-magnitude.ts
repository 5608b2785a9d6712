import { z } from 'zod';
import { distanceModulus } from '../../model/cosmology.js';
import { BadInput, defineTiedT2 } from '../define.js';

const redshift = z.number().gt(0).max(20);

const config = z.strictObject({
  redshift: redshift.optional().describe('of all objects of the channel'),
  redshifts: z.record(z.string(), redshift).default({}).describe('by object, such as ZTF18abxhyqv: 0.033'),
  H0: z.number().positive().default(70).describe("Hubble's constant (km/s/Mpc)"),
  Om0: z.number().min(0).max(1).default(0.3).describe('density of matter, the universe being flat'),
  k_correction: z.boolean().default(true).describe('add 2.5 log10(1 + z), that of a flat spectrum'),
});

const peaks = z.looseObject({});

/**
 * Absolute magnitudes of the peaks that T2RiseDeclineStat found, that of all bands only once it has peaked: m - distance modulus
 * + 2.5 log10(1 + z), the last being the K correction of a spectrum that is flat in frequency (Hogg et al. 2002,
 * astro-ph/0210394, eq. 13). Uncorrected for extinction. `BadInput` without a redshift, which no alert of ZTF or LSST carries.
 */
export const t2AbsoluteMagnitude = defineTiedT2({
  name: 'T2AbsoluteMagnitude',
  version: '1.0.0',
  summary: 'Absolute magnitude at the peak of each band, given a redshift.',
  input: 'lightCurve',
  cost: 'light',
  needs: [{ unit: 'T2RiseDeclineStat', of: 'same' }],
  config,
  result: z
    .object({ z: z.number(), distance_modulus: z.number().describe('(mag)') })
    .catchall(z.number())
    .describe('and abs_mag_peak, abs_mag_peak_<band> (mag)'),
  run({ objectId }, { redshift: common, redshifts, H0, Om0, k_correction }, needed) {
    const at = redshifts[objectId] ?? common;
    if (at === undefined) {
      throw new BadInput(`no redshift for ${objectId}: give redshift or redshifts in the config`);
    }
    const modulus = distanceModulus(at, { h0: H0, om0: Om0 });
    const shift = (k_correction ? 2.5 * Math.log10(1 + at) : 0) - modulus;
    const found = peaks.parse(needed['T2RiseDeclineStat']?.[0]?.body);
    const magnitudes = Object.entries(found).flatMap(([name, mag]) =>
      name.startsWith('mag_peak') && typeof mag === 'number' ? [[`abs_${name}`, mag + shift] as const] : [],
    );
    return { z: at, distance_modulus: modulus, ...Object.fromEntries(magnitudes) };
  },
});
