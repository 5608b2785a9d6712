import type { Band } from './schedule.js';
import { logUniform, uniform, type Stream } from './random-stream.js';

/** Change of magnitude against the mean at `jd`. */
export type Variation = (jd: number, band: Band) => number;

const WAVES = 24;

/**
 * A damped random walk (Kelly, Bechtold & Siemiginowska 2009) as a sum of waves whose frequencies are drawn from its
 * Lorentzian power spectrum (random Fourier features: Rahimi & Recht 2007). Its covariance over many objects is
 * sigma² exp(-|dt|/tau), and it has a value at any time without the path before it.
 */
export function dampedRandomWalk(stream: Stream, sigmaMag: number, tauDays: number): Variation {
  const waves = Array.from({ length: WAVES }, () => ({
    perDay: Math.tan(Math.PI * (uniform(stream) - 0.5)) / tauDays,
    phase: uniform(stream, 0, 2 * Math.PI),
  }));
  const amplitude = sigmaMag * Math.sqrt(2 / WAVES);
  return (jd, band) => {
    let sum = 0;
    for (const { perDay, phase } of waves) sum += Math.cos(perDay * (jd - REFERENCE_JD) + phase);
    // The bluer band varies more (MacLeod et al. 2010).
    return (band === 'g' ? 1 : 0.8) * amplitude * sum;
  };
}

/** Keeps the arguments of the cosines small. */
const REFERENCE_JD = 2459000.5;

/** A periodic star: sinusoidal (rotating, contact binaries) or a sawtooth of quick rise (RR Lyrae, Cepheids). */
export function pulsation(stream: Stream): Variation {
  const periodDays = logUniform(stream, 0.15, 300);
  const amplitudeMag = logUniform(stream, 0.08, 0.9);
  const offset = uniform(stream);
  const sawtooth = uniform(stream) < 0.4;
  const redShare = uniform(stream, 0.6, 0.9);
  return (jd, band) => {
    const turns = (jd - REFERENCE_JD) / periodDays + offset;
    const phase = turns - Math.floor(turns);
    const wave = sawtooth ? sawtoothWave(phase) : Math.cos(2 * Math.PI * phase);
    return amplitudeMag * (band === 'g' ? 1 : redShare) * wave;
  };
}

/** From -1 (brightest) at phase 0 up to 1 at 0.8 and steeply back. */
function sawtoothWave(phase: number): number {
  return phase < 0.8 ? -1 + (2 * phase) / 0.8 : 1 - (2 * (phase - 0.8)) / 0.2;
}
