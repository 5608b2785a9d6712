import { alertPacket, HISTORY_DAYS } from './alert-packet.js';
import type { Trigger } from './candidate-fields.js';
import { dateOf } from './identifiers.js';
import { ALERT_SNR, measure, RAW_SNR } from './measurement.js';
import { completeOptions, SURVEY_BEGIN_JD, type Survey, type SurveyOptions } from './options.js';
import { containerWriter, type PacketParts } from './packet-encoding.js';
import { makePopulation, type Population, type Watched } from './population.js';
import { makeSchedule, type NightPlan, type Schedule } from './schedule.js';
import { truthOf, type ArchiveHistory, type Source } from './source.js';
import type { Truth } from './truth.js';

/** An alert as ZTF's archive has it: a file of its own. */
export interface SimulatedAlert {
  /** Avro object container file of one packet. */
  readonly packet: Buffer;
  /** `<candid>.avro` */
  readonly fileName: string;
  readonly objectId: string;
  /** Decimal digits: above 2^53. */
  readonly candid: string;
  readonly jd: number;
}

/** One night of a simulated survey. */
export interface Night {
  /** From 0. */
  readonly index: number;
  /** UT date, YYYYMMDD. */
  readonly date: string;
  readonly jdStart: number;
  readonly jdEnd: number;
  /** 0 for a night lost to weather. */
  readonly exposures: number;
  readonly alertCount: number;
  /** In order of time, made as they are asked for. */
  readonly alerts: Iterable<SimulatedAlert>;
  /** Objects with their first alert of the survey in this night. */
  readonly truth: readonly Truth[];
}

/**
 * A survey, night by night. Everything follows from the options; memory holds the sources that are there in a night,
 * never the alerts. Throws `RangeError` on options that make no sense, before the first night.
 */
export function simulateSurvey(options: SurveyOptions): Generator<Night, void, undefined> {
  const survey = completeOptions(options);
  const schedule = makeSchedule(survey);
  // A cadence that no night has room for is told now, not when the first night is asked for.
  schedule.night(0);
  return nightsOf(survey, schedule);
}

function* nightsOf(survey: Survey, schedule: Schedule): Generator<Night, void, undefined> {
  const population = makePopulation(survey, schedule);
  const write = containerWriter(survey.seed);
  for (let index = 0; index < survey.nights; index++) {
    population.begin(index);
    const plan = schedule.night(index);
    const { triggers, truth } = observe(survey, schedule, population, plan);
    yield {
      index,
      date: dateOf(plan.jdStart),
      jdStart: plan.jdStart,
      jdEnd: plan.jdEnd,
      exposures: [...plan.byField.values()].reduce((sum, exposures) => sum + exposures.length, 0),
      alertCount: triggers.length,
      alerts: { [Symbol.iterator]: () => alertsOf(survey, schedule, triggers, write) },
      truth,
    };
  }
}

interface Observed {
  /** In the order of their candids. */
  readonly triggers: readonly Trigger[];
  readonly truth: readonly Truth[];
}

function observe(survey: Survey, schedule: Schedule, population: Population, plan: NightPlan): Observed {
  const found: (Trigger & { readonly watched: Watched; readonly order: number })[] = [];
  for (const [field, exposures] of plan.byField) {
    for (const watched of population.inField(field)) {
      const { source } = watched;
      let archive = watched.archive ?? countEarlier(survey, schedule, source, plan.jdStart);
      for (const exposure of exposures) {
        const { snr, flux } = measure(survey.seed, source, exposure);
        archive = counted(archive, snr, exposure.jd);
        if (snr < ALERT_SNR) continue;
        const order = ((exposure.id * 64 + source.place.rcid) * 2 + Number(flux > 0)) * 8192 + source.row;
        found.push({ source, watched, exposure, archive, order });
      }
      watched.archive = archive;
    }
  }
  const triggers = found.sort((one, other) => one.order - other.order).slice(0, survey.mostAlertsPerNight);
  const truth: Truth[] = [];
  for (const { watched } of triggers) {
    if (!watched.isReported) truth.push(truthOf(watched.source));
    watched.isReported = true;
  }
  return { triggers, truth };
}

/** Counts of the archive before a source is first looked at. */
function countEarlier({ seed }: Survey, schedule: Schedule, source: Source, jd: number): ArchiveHistory {
  const sinceBegin = Math.floor((jd - SURVEY_BEGIN_JD) / 3);
  let counts = source.earlier ?? { ndethist: 0, ncovhist: sinceBegin, jdstarthist: Infinity };
  // Lasting sources bring what is older; a transient is counted from its first light.
  const from = source.earlier === undefined ? source.span[0] : jd - HISTORY_DAYS;
  for (const exposure of schedule.visits(source.field, from, jd)) {
    counts = counted(counts, measure(seed, source, exposure).snr, exposure.jd);
  }
  return counts;
}

function counted({ ndethist, ncovhist, jdstarthist }: ArchiveHistory, snr: number, jd: number): ArchiveHistory {
  const isRaw = snr >= RAW_SNR;
  return {
    ndethist: ndethist + Number(isRaw),
    ncovhist: ncovhist + 1,
    jdstarthist: isRaw ? Math.min(jdstarthist, jd) : jdstarthist,
  };
}

function* alertsOf(
  survey: Survey,
  schedule: Schedule,
  triggers: readonly Trigger[],
  write: (packet: PacketParts) => Buffer,
): Generator<SimulatedAlert, void, undefined> {
  for (const trigger of triggers) {
    const packet = alertPacket(survey, schedule, trigger);
    const { candid } = packet;
    const { source, exposure } = trigger;
    yield { packet: write(packet), fileName: `${candid}.avro`, objectId: source.objectId, candid, jd: exposure.jd };
  }
}
