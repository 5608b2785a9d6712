import { z } from 'zod';
import { hostMedians } from '../../model/host-medians.js';
import { brightnessOf } from '../../model/brightness.js';
import type { Datapoint } from '../../model/datapoint.js';
import { peakSlopes, slopeOf } from '../../model/band-slopes.js';
import { courseOf, longestGapDays, type Course } from '../../model/light-curve-peak.js';
import { magnitudesByBand, type Magnitude } from '../../model/measured-brightness.js';
import { BadInput, defineT2 } from '../define.js';

const config = z.strictObject({
  max_tsep: z
    .number()
    .positive()
    .default(2)
    .describe('what is so near in time is simultaneous, for colours and for the end of the rise (days)'),
  min_UL: z.number().default(20).describe('a brighter upper limit is weak and does not count (mag)'),
  max_tgap: z.number().positive().default(30).describe('longest time without detection that is no gap (days)'),
  significance: z
    .number()
    .positive()
    .default(3)
    .describe('a slope of a band counts as rise or decline from so many standard deviations on'),
});
type Config = z.output<typeof config>;

const value = z.number().nullable();
const result = z
  .object({
    ndet: z.int().describe('detections brighter than the reference'),
    jd_det: z.number().describe('Julian date of the first'),
    mag_det: z.number(),
    jd_last: z.number().describe('Julian date of the last'),
    mag_last: z.number(),
    t_lc: z.number().describe('from the first to the last (days)'),
    t_predetect: value.describe('from the last upper limit before the first detection to it (days)'),
    bool_pure: z.boolean().describe('no upper limit after the first detection'),
    bool_hasgaps: z.boolean().nullable().describe('longer than max_tgap without detection; null with one'),
    bool_peaked: z
      .boolean()
      .describe('the last is fainter than the brightest by more than the error, and max_tsep later'),
    bool_rising: z.boolean().describe('not peaked, and the brightest is within max_tsep of the last'),
    bool_norise: z.boolean().describe('the first is not fainter than the peak, or the last if not peaked'),
    jd_max: value.describe('Julian date of the brightest, in whatever band; null unless peaked'),
    mag_peak: value.describe('its magnitude; null unless peaked'),
    bool_rise: z.boolean().describe('a band brightens significantly up to its own brightest point'),
    bool_fall: z.boolean().describe('a band fades significantly from its own brightest point on'),
    col_det: value.describe('g - r at the first detection (mag), of what is within max_tsep; null without both bands'),
    col_last: value.describe('g - r at the last detection (mag)'),
    col_peak: value.describe('g - r at jd_max (mag)'),
  })
  .catchall(value)
  .describe(
    'of each band: slope_rise_<band> and slope_fall_<band> (mag/day) up to jd_max and from it, null where none; ' +
      'jd_peak_<band> and mag_peak_<band>, its brightest; rise_slope_<band> and fall_slope_<band> (mag/day) up to jd_peak_<band> ' +
      'and from it, rise_slopesig_<band> and fall_slopesig_<band>, their significance, positive where it brightens; ' +
      'of ZTF the medians rb_med, drb_med, distnr_med, magnr_med, classtar_med, sgscore1_med, distpsnr1_med, sgscore2_med, ' +
      'distpsnr2_med, neargaia_med, maggaia_med',
  );

/**
 * What a light curve does, in whole and in each band. Names and meaning are those of AMPEL's T2RiseDeclineStat, and
 * `rise_slope…` to `fall_slopesig…` those of its T2TabulatorRiseDecline, there in flux. Other than AMPEL: all bands have slopes,
 * not g and r alone; LSST's detections count too; `bool_rise` and `bool_fall` look at the most significant band, not at the sum over
 * bands; no points are taken out (`cut_pp`), since states have none twice; `slope_fall…` of what has not peaked is null; no detection
 * is a `BadInput` instead of `success: false`. `mag_peak…` of bands is of no unit of AMPEL's.
 */
export const t2RiseDeclineStat = defineT2({
  name: 'T2RiseDeclineStat',
  version: '1.1.0',
  summary: 'First, last and brightest detection, slopes before and after the peak of each band, colours.',
  input: 'lightCurve',
  cost: 'light',
  config,
  result,
  run({ datapoints }, config) {
    const bands = magnitudesByBand(datapoints);
    const all = [...bands.values()].flat().sort((a, b) => a.jd - b.jd);
    const course = courseOf(all, config.max_tsep);
    const [first] = all;
    const last = all.at(-1);
    if (course === undefined || first === undefined || last === undefined) {
      throw new BadInput('no detection brighter than the reference');
    }
    const slopes = Array.from(bands, ([, points]) => peakSlopes(points));
    const gapDays = longestGapDays(all);
    const colourAt = (jd: number): number | null => meanColour(bands, jd, config.max_tsep);
    return {
      ...{ ndet: all.length, jd_det: first.jd, mag_det: first.mag, jd_last: last.jd, mag_last: last.mag },
      ...{ t_lc: last.jd - first.jd, ...limitFacts(datapoints, first.jd, config) },
      bool_hasgaps: gapDays === undefined ? null : gapDays > config.max_tgap,
      ...{ bool_peaked: course.peak !== undefined, bool_rising: course.isRising, bool_norise: !course.hasRisen },
      ...{ jd_max: course.peak?.jd ?? null, mag_peak: course.peak?.mag ?? null },
      bool_rise: slopes.some((band) => (band?.rise?.sigmas ?? 0) >= config.significance),
      bool_fall: slopes.some((band) => (band?.fall?.sigmas ?? 0) <= -config.significance),
      ...{ col_det: colourAt(first.jd), col_last: colourAt(last.jd) },
      col_peak: course.peak === undefined ? null : colourAt(course.peak.jd),
      ...hostMedians(datapoints),
      ...Object.fromEntries([...bands].flatMap(([band, points]) => bandFacts(band, points, course, config))),
    } as z.output<typeof result>;
  },
});

function limitFacts(
  datapoints: readonly Datapoint[],
  firstJd: number,
  { min_UL }: Config,
): { readonly t_predetect: number | null; readonly bool_pure: boolean } {
  const limits = datapoints.filter(({ kind, body }) => {
    return kind === 'upperLimit' && (brightnessOf({ kind, body })?.mag ?? -Infinity) >= min_UL;
  });
  const before = limits.reduce((latest, { jd }) => (jd < firstJd ? Math.max(latest, jd) : latest), -Infinity);
  return {
    t_predetect: before === -Infinity ? null : firstJd - before,
    bool_pure: !limits.some(({ jd }) => jd > firstJd),
  };
}

function meanColour(bands: ReadonlyMap<string, readonly Magnitude[]>, jd: number, windowDays: number): number | null {
  const [g, r] = ['g', 'r'].map((band) => {
    return (bands.get(band) ?? []).filter((point) => Math.abs(point.jd - jd) <= windowDays).map(({ mag }) => mag);
  });
  const colour = meanOf(g ?? []) - meanOf(r ?? []);
  return Number.isNaN(colour) ? null : colour;
}

/** NaN of none. */
function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function bandFacts(
  band: string,
  points: readonly Magnitude[],
  { peak, hasRisen }: Course,
  { max_tsep }: Config,
): [string, number | null][] {
  const before = peak === undefined ? points : points.filter(({ jd }) => jd <= peak.jd);
  const after = peak === undefined ? [] : points.filter(({ jd }) => jd >= peak.jd);
  const isLong = peak !== undefined && (points.at(-1)?.jd ?? peak.jd) - peak.jd > max_tsep;
  const own = peakSlopes(points);
  return [
    [`slope_rise_${band}`, hasRisen ? (slopeOf(before)?.slope ?? null) : null],
    [`slope_fall_${band}`, isLong ? (slopeOf(after)?.slope ?? null) : null],
    [`jd_peak_${band}`, own?.peak.jd ?? null],
    [`mag_peak_${band}`, own?.peak.mag ?? null],
    [`rise_slope_${band}`, own?.rise?.slope ?? null],
    [`rise_slopesig_${band}`, own?.rise?.sigmas ?? null],
    [`fall_slope_${band}`, own?.fall?.slope ?? null],
    [`fall_slopesig_${band}`, own?.fall?.sigmas ?? null],
  ];
}
