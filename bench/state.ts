import { combineState, type Neighbour } from '../activities/combine.js';
import type { Datapoint } from '../model/datapoint.js';
import { lsst } from '../streams/lsst/survey.js';
import { ztf } from '../streams/ztf/survey.js';

const POINTS = 1_000;
const WARM_UP = 50;
const ROUNDS = 300;
/** Of all points: reprocessed once, private, not detections. */
const SHARES = { superseded: 0.1, private: 0.2, limits: 0.5 };
const EXPOSURE_DAYS = 0.02;
const LAST_JD = 2_461_000.5;

export interface StateResult {
  readonly points: number;
  /** Median and longest time of one state (ms of this process's CPU time). */
  readonly medianMs: number;
  readonly longestMs: number;
  /** The same, for a channel with options that takes an object of LSST with as many points for the same. */
  readonly bothSurveys: { readonly medianMs: number; readonly longestMs: number };
}

/** T1 of an object with 1,000 points: what is visible, superseded, in order, and its link. */
export function state(report: (line: string) => void): Promise<StateResult> {
  const known = ztfPoints();
  const alert = { jd: LAST_JD };
  const plain = timesOf(() => combineState(ztf, known, alert, { access: ['ZTF_PUB'] }).ids.length);
  report(`one survey: ${JSON.stringify(plain)}`);
  const neighbour: Neighbour = {
    ...{ of: lsst, survey: 'lsst', objectId: '1', stock: '1', separationArcsec: 0.3, known: lsstPoints() },
  };
  const t1 = { exclude: ['ZTF_I'], maxAgeDays: 1000, matchArcsec: 1, forced: true };
  const access = ['ZTF_PUB', 'ZTF_PRIV', 'LSST'];
  const bothSurveys = timesOf(() => combineState(ztf, known, alert, { access, t1 }, [neighbour]).ids.length);
  report(`both surveys: ${JSON.stringify(bothSurveys)}`);
  return Promise.resolve({ points: POINTS, ...plain, bothSurveys });
}

function timesOf(work: () => number): { medianMs: number; longestMs: number } {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const start = process.cpuUsage();
    if (work() === 0) throw new Error('the state is empty');
    const { user, system } = process.cpuUsage(start);
    if (round >= WARM_UP) times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return { medianMs: times[ROUNDS / 2] ?? Number.NaN, longestMs: times.at(-1) ?? Number.NaN };
}

/** Every so many of a count, spread evenly. */
function isShare(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}

function ztfPoints(): Datapoint[] {
  return Array.from({ length: POINTS }, (_, i) => {
    const isLimit = isShare(i, SHARES.limits);
    const programid = isShare(i, SHARES.private) ? 2 : 1;
    const exposure = !isLimit && isShare(i, SHARES.superseded) ? i - 1 : i;
    const jd = LAST_JD - (POINTS - 1 - exposure) * EXPOSURE_DAYS;
    return {
      id: isLimit ? String(-1e15 - i) : `${2_000_000_000_000_000_000n + BigInt(i)}`,
      ...{ kind: isLimit ? 'upperLimit' : 'detection', jd, band: 'r' },
      tags: ['ZTF', programid === 1 ? 'ZTF_PUB' : 'ZTF_PRIV', 'ZTF_R'],
      body: { jd, rcid: 50, programid, magpsf: 18, sigmapsf: 0.1, ra: 180, dec: 60 },
    };
  });
}

function lsstPoints(): Datapoint[] {
  return Array.from({ length: POINTS }, (_, i) => {
    const jd = LAST_JD - i * EXPOSURE_DAYS;
    return {
      id: `${3_000_000_000_000_000_000n + BigInt(i)}`,
      ...{ kind: isShare(i, SHARES.limits) ? 'forced' : 'detection', jd, band: 'g', tags: ['LSST', 'LSST_G'] },
      body: {
        visit: String(i),
        diaSourceId: String(i),
        midpointMjdTai: jd - 2_400_000.5,
        psfFlux: 900,
        psfFluxErr: 90,
      },
    };
  });
}
