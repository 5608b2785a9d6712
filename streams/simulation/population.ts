import { nightOfJd } from '../../model/julian-date.js';
import { ztfNameOfStock } from '../../model/ztf-name.js';
import { magOf } from './flux.js';
import { placeInField, type Field } from './footprint.js';
import { SURVEY_BEGIN_JD, type Survey } from './options.js';
import { logUniform, pick, poisson, PURPOSE, streamOf, uniform, type Stream } from './random-stream.js';
import { defaultCount, RECIPES, type Recipe } from './recipes.js';
import type { Schedule } from './schedule.js';
import { codeOf, ROWS_PER_KIND, type ArchiveHistory, type Source } from './source.js';
import { surround, type Surroundings } from './surroundings.js';
import { KINDS, type Kind } from './truth.js';

/** Sources of one night of birth have indices of one block of this size. */
const INDICES_PER_NIGHT = 150_000;
/** Births before the first night have indices above 0 too. */
const NIGHTS_BEFORE = 512;
const INDICES_PER_KIND = 1_000_000_000;
const NAMES = 26 ** 7;
/** Coprime to 26, so that neighbours in number are no neighbours in name and no name comes twice. */
const NAME_STEP = 745_727;

/** A source with what the survey has noted of it. */
export interface Watched {
  readonly source: Source;
  /** Counts up to its last visit; none before the first. */
  archive?: ArchiveHistory;
  /** It had an alert. */
  isReported: boolean;
}

/** All sources of a survey, as they come and go. */
export interface Population {
  /** Sources that can be seen in a field, to be called night after night. */
  inField(field: Field): readonly Watched[];
  /** Brings forth what is born in `night` and forgets what is over before it. */
  begin(night: number): void;
}

export function makePopulation(survey: Survey, schedule: Schedule): Population {
  const byField = new Map<Field, Watched[]>(survey.fields.map((field) => [field, []]));
  const rows = new Set<number>();
  const { objects, alertsPerNight, cadenceDays } = survey;
  const countOf = (kind: Kind): number => objects[kind] ?? defaultCount(kind, alertsPerNight, cadenceDays);
  const add = (birth: Birthplace): void => {
    const source = makeSource(survey, schedule, rows, birth);
    if (source === undefined) return;
    if (source.span[1] > survey.startJd) byField.get(source.field)?.push({ source, isReported: false });
    else rows.delete(rowKey(source));
  };
  const bear = (kind: Kind, night: number): void => {
    const mean = countOf(kind);
    const fields = kind === 'asteroid' ? [...schedule.night(night).byField.keys()] : survey.fields;
    const births = fields.length === 0 ? 0 : poisson(streamOf(survey.seed, PURPOSE.births, codeOf(kind), night), mean);
    if (births > INDICES_PER_NIGHT) throw new RangeError(`${births} ${kind} in a night, at most ${INDICES_PER_NIGHT}`);
    for (let k = 0; k < births; k++)
      add({ kind, index: (night + NIGHTS_BEFORE) * INDICES_PER_NIGHT + k, night, fields });
  };
  const lasting = KINDS.filter((kind) => RECIPES[kind].appears === 'always');
  const fleeting = KINDS.filter((kind) => RECIPES[kind].appears === 'by night');
  for (const kind of lasting) {
    const count = Math.round(countOf(kind));
    for (let index = 0; index < count; index++) add({ kind, index, night: 0, fields: survey.fields });
  }
  for (const kind of fleeting) for (let night = -RECIPES[kind].lifeNights; night < 0; night++) bear(kind, night);
  return {
    inField: (field) => byField.get(field) ?? [],
    begin(night) {
      for (const [field, watched] of byField) byField.set(field, living(watched, survey.startJd + night, rows));
      for (const kind of fleeting) bear(kind, night);
    },
  };
}

function living(watched: Watched[], jd: number, rows: Set<number>): Watched[] {
  for (const { source } of watched) if (source.span[1] < jd) rows.delete(rowKey(source));
  return watched.filter(({ source }) => source.span[1] >= jd);
}

interface Birthplace {
  readonly kind: Kind;
  readonly index: number;
  readonly night: number;
  readonly fields: readonly Field[];
}

/** Makes a source, or nothing if its field is never visited. */
function makeSource(survey: Survey, schedule: Schedule, rows: Set<number>, birth: Birthplace): Source | undefined {
  const { kind, index, night, fields } = birth;
  const stream = streamOf(survey.seed, PURPOSE.source, codeOf(kind), index);
  const field = fields[pick(stream, fields.length)];
  if (field === undefined || !schedule.isVisited(field, survey.nights)) return undefined;
  const place = placeInField(field, [uniform(stream), uniform(stream), uniform(stream)]);
  const recipe = RECIPES[kind];
  const { setting, solarSystemArcsec, ...physics } = recipe.make(stream, {
    dayJd: survey.startJd + night,
    rcid: place.rcid,
    visits: kind === 'asteroid' ? (schedule.night(night).byField.get(field) ?? []) : [],
  });
  const earlier = recipe.appears === 'always' ? earlierHistory(survey, stream, recipe) : undefined;
  const begin = earlier?.jdstarthist ?? Math.max(SURVEY_BEGIN_JD, physics.span[0]);
  let surroundings: Surroundings | undefined;
  return {
    kind,
    index,
    objectId: nameOf(kind, index, begin),
    row: freeRow(rows, { kind, field, rcid: place.rcid, wish: pick(stream, ROWS_PER_KIND) }),
    field,
    place,
    ...physics,
    surroundings: () =>
      (surroundings ??= surround(
        streamOf(survey.seed, PURPOSE.surroundings, codeOf(kind), index),
        setting,
        magOf(physics.referenceFlux),
        place,
      )),
    ...(solarSystemArcsec !== undefined && {
      solarSystem: { name: String(10_000 + pick(stream, 500_000)), distArcsec: solarSystemArcsec },
    }),
    ...(earlier !== undefined && { earlier }),
  };
}

/** What the archive held of a lasting source before the nights that are simulated. */
function earlierHistory({ startJd }: Survey, stream: Stream, { alerts }: Recipe): ArchiveHistory {
  const jdstarthist = Math.max(SURVEY_BEGIN_JD + uniform(stream), startJd - 60 - logUniform(stream, 1, 1200));
  const ncovhist = 20 + Math.floor(((startJd - SURVEY_BEGIN_JD) / 3) * uniform(stream, 0.5, 1));
  return { jdstarthist, ncovhist, ndethist: 1 + Math.floor(ncovhist * alerts * uniform(stream, 0.3, 1)) };
}

/** Name by kind and number: it depends on no other object. The year is that of the first detection, more or less. */
function nameOf(kind: Kind, index: number, jd: number): string {
  const number = codeOf(kind) * INDICES_PER_KIND + index;
  if (index >= INDICES_PER_KIND) throw new RangeError(`no name is left for ${kind} ${index}: simulate fewer nights`);
  const year = Number(nightOfJd(jd).slice(0, 4));
  return ztfNameOfStock(((number * NAME_STEP) % NAMES) * 16 + year - 2017);
}

function freeRow(taken: Set<number>, { kind, field, rcid, wish }: RowWish): number {
  for (let step = 0; step < ROWS_PER_KIND; step++) {
    const row = codeOf(kind) * ROWS_PER_KIND + ((wish + step) % ROWS_PER_KIND);
    const key = rowKey({ field, place: { rcid }, row });
    if (taken.has(key)) continue;
    taken.add(key);
    return row;
  }
  throw new RangeError(`more than ${ROWS_PER_KIND} ${kind} in a quadrant: spread them over more fields`);
}

interface RowWish {
  readonly kind: Kind;
  readonly field: Field;
  readonly rcid: number;
  readonly wish: number;
}

function rowKey({ field, place, row }: { field: Field; place: { rcid: number }; row: number }): number {
  return (field.id * 64 + place.rcid) * KINDS.length * ROWS_PER_KIND + row;
}
