import { chooseFields, type Field } from './footprint.js';
import { NID_EPOCH_JD } from './schedule.js';
import { KINDS, type Kind } from './truth.js';

/** What a simulated survey is made of; the same options give the same bytes. */
export interface SurveyOptions {
  /** A safe integer. */
  readonly seed: number;
  readonly nights: number;
  /** The survey begins at midnight UT before this JD; default 2459396.5, 2021-07-01. */
  readonly startJd?: number;
  /** Alerts of a clear night, on average; default 1000. */
  readonly alertsPerNight?: number;
  /** The last alerts of a night beyond this many are not sent; default Infinity. */
  readonly mostAlertsPerNight?: number;
  /**
   * Instead of the default mix: how many there are of a kind (AGN, variable stars, bogus: places in the whole footprint),
   * or how many are born in a night on average (supernovae, TDEs: may be a fraction; asteroids: seen in that night).
   */
  readonly objects?: Readonly<Partial<Record<Kind, number>>>;
  /** Number of fields of 55 square degrees, those nearest to opposition; default 60. */
  readonly fields?: number;
  /** With image stamps (a hundredfold slower), of all alerts or of some kinds; default false. */
  readonly cutouts?: boolean | readonly Kind[];
  /** Nights from one visit of a field, in both bands, to the next; default 3. */
  readonly cadenceDays?: number;
  /** Storms, nights cut short, cloud; default true. False gives clear nights only. */
  readonly weather?: boolean;
}

/** The options with nothing left open. */
export interface Survey extends Required<Omit<SurveyOptions, 'fields' | 'cutouts'>> {
  /** Kinds whose alerts have image stamps. */
  readonly cutouts: readonly Kind[];
  readonly fields: readonly Field[];
}

const DEFAULT_START_JD = 2459396.5;
/** ZTF's public survey began on 2018-03-17; names of objects go to 2032. */
export const SURVEY_BEGIN_JD = 2458194.5;
const SURVEY_END_JD = 2463598.5;
/** What is older than a simulation has some history in the archive. */
const FIRST_START_JD = SURVEY_BEGIN_JD + 60;

function kindsOf(cutouts: boolean | readonly Kind[]): readonly Kind[] {
  if (typeof cutouts !== 'boolean') return cutouts;
  return cutouts ? KINDS : [];
}

/** Fills in the defaults. Throws `RangeError` on a value that makes no sense. */
export function completeOptions(options: SurveyOptions): Survey {
  const startJd = Math.floor((options.startJd ?? DEFAULT_START_JD) - NID_EPOCH_JD) + NID_EPOCH_JD;
  const { seed, nights, fields = 60 } = options;
  const survey = {
    seed,
    nights,
    startJd,
    alertsPerNight: options.alertsPerNight ?? 1000,
    mostAlertsPerNight: options.mostAlertsPerNight ?? Infinity,
    objects: options.objects ?? {},
    cutouts: kindsOf(options.cutouts ?? false),
    cadenceDays: options.cadenceDays ?? 3,
    weather: options.weather ?? true,
  };
  if (!Number.isSafeInteger(survey.seed)) throw new RangeError(`seed is ${survey.seed}, expected an integer`);
  atLeast('nights', survey.nights, 1, true);
  atLeast('cadenceDays', survey.cadenceDays, 1, true);
  atLeast('alertsPerNight', survey.alertsPerNight, 0, false);
  for (const [kind, count] of Object.entries(survey.objects)) {
    if (!KINDS.some((known) => known === kind)) {
      throw new RangeError(`objects has "${kind}", expected one of ${KINDS.join(', ')}`);
    }
    atLeast(`objects of kind ${kind}`, count, 0, false);
  }
  if (!(startJd >= FIRST_START_JD && startJd + survey.nights < SURVEY_END_JD)) {
    const range = `${FIRST_START_JD} (2018-05-16) to ${SURVEY_END_JD} (2033-01-01)`;
    throw new RangeError(`nights from JD ${startJd} to ${startJd + survey.nights}, expected within ${range}`);
  }
  return { ...survey, fields: chooseFields(fields, startJd + survey.nights / 2) };
}

function atLeast(name: string, value: number, least: number, whole: boolean): void {
  if (value >= least && Number.isFinite(value) && (!whole || Number.isInteger(value))) return;
  throw new RangeError(`${name} is ${value}, expected ${whole ? 'an integer' : 'a number'} of at least ${least}`);
}
