import { ztfNameOfStock } from '../../model/ztf-name.js';
import { placeInField, type Field } from './footprint.js';
import { SURVEY_BEGIN_JD, type Survey } from './options.js';
import { logUniform, pick, poisson, PURPOSE, streamOf, uniform, type Stream } from './random-stream.js';
import { RECIPES, type Recipe } from './recipes.js';
import type { Schedule } from './schedule.js';
import { codeOf, ROWS_PER_KIND, type ArchiveHistory, type Source } from './source.js';
import { surround } from './surroundings.js';
import { KINDS, type Kind } from './truth.js';

/** Sources of one night of birth have indices of one block of this size. */
const INDICES_PER_NIGHT = 150_000;
/** Births before the first night have indices above 0 too. */
const NIGHTS_BEFORE = 512;
const INDICES_PER_KIND = 1_000_000_000;
const NAMES = 26 ** 7;
/** Coprime to 26, so that neighbours in number are no neighbours in name and no name comes twice. */
const NAME_STEP = 745_727;

/** All sources of a survey, as they come and go. */
export interface Population {
  /** Sources that can be seen in a field, to be called night after night. */
  inField(field: Field): readonly Source[];
  /** Brings forth what is born in `night` and forgets what is over before it. */
  begin(night: number): void;
}

export function makePopulation(survey: Survey, schedule: Schedule): Population {
  const byField = new Map<Field, Source[]>(survey.fields.map((field) => [field, []]));
  const takenRows = new Set<number>();
  const makers = KINDS.map((kind) => ({ kind, recipe: RECIPES[kind], count: countOf(survey, kind) }));
  const add = (kind: Kind, index: number, night: number, fields: readonly Field[]): void => {
    const source = makeSource(survey, schedule, takenRows, { kind, index, night, fields });
    if (source.span[1] > survey.startJd) byField.get(source.field)?.push(source);
    else takenRows.delete(rowKey(source));
  };
  const bear = (kind: Kind, mean: number, night: number): void => {
    const fields =
      kind === 'asteroid' ? survey.fields.filter((field) => visited(schedule, night, field)) : survey.fields;
    const births = fields.length === 0 ? 0 : poisson(streamOf(survey.seed, PURPOSE.births, codeOf(kind), night), mean);
    if (births > INDICES_PER_NIGHT) throw new RangeError(`${births} ${kind} in a night, at most ${INDICES_PER_NIGHT}`);
    for (let k = 0; k < births; k++) add(kind, (night + NIGHTS_BEFORE) * INDICES_PER_NIGHT + k, night, fields);
  };
  for (const { kind, recipe, count } of makers) {
    if (recipe.appears === 'always') for (let k = 0; k < Math.round(count); k++) add(kind, k, 0, survey.fields);
    else for (let night = -recipe.lifeNights; night < 0; night++) bear(kind, count, night);
  }
  return {
    inField: (field) => byField.get(field) ?? [],
    begin(night) {
      for (const [field, sources] of byField) byField.set(field, living(sources, survey.startJd + night, takenRows));
      for (const { kind, recipe, count } of makers) if (recipe.appears === 'by night') bear(kind, count, night);
    },
  };
}

function visited(schedule: Schedule, night: number, field: Field): boolean {
  return schedule.night(night).byField.has(field);
}

function living(sources: Source[], jd: number, takenRows: Set<number>): Source[] {
  for (const source of sources) if (source.span[1] < jd) takenRows.delete(rowKey(source));
  return sources.filter(({ span }) => span[1] >= jd);
}

/** How many there are of a kind, or in the mean are born in a night, to give its share of the alerts. */
function countOf({ objects, alertsPerNight, cadenceDays }: Survey, kind: Kind): number {
  const { share, alerts, appears } = RECIPES[kind];
  const wanted = (share * alertsPerNight) / alerts;
  const exposuresPerNight = 2 / cadenceDays;
  return objects[kind] ?? (kind === 'asteroid' && appears === 'by night' ? wanted : wanted / exposuresPerNight);
}

interface Place {
  readonly kind: Kind;
  readonly index: number;
  readonly night: number;
  readonly fields: readonly Field[];
}

function makeSource(survey: Survey, schedule: Schedule, takenRows: Set<number>, at: Place): Source {
  const { kind, index, night, fields } = at;
  const stream = streamOf(survey.seed, PURPOSE.source, codeOf(kind), index);
  const field = fields[pick(stream, fields.length)];
  if (field === undefined) throw new RangeError('a survey has at least one field');
  const place = placeInField(field, [uniform(stream), uniform(stream), uniform(stream)]);
  const recipe: Recipe = RECIPES[kind];
  const nature = recipe.make(stream, {
    dayJd: survey.startJd + night,
    rcid: place.rcid,
    visits: kind === 'asteroid' ? (schedule.night(night).byField.get(field) ?? []) : [],
  });
  const { setting, solarSystemArcsec, ...physics } = nature;
  const mag = Number.isFinite(nature.referenceMag) ? nature.referenceMag : 19;
  const history = recipe.appears === 'always' ? earlierHistory(survey, stream, recipe) : undefined;
  const begin = history?.jdstarthist ?? Math.max(SURVEY_BEGIN_JD, nature.span[0]);
  return {
    kind,
    index,
    objectId: nameOf(kind, index, begin),
    row: freeRow(takenRows, { kind, field, rcid: place.rcid, wish: pick(stream, ROWS_PER_KIND) }),
    field,
    place,
    ...physics,
    surroundings: surround(stream, setting, mag, [place.raDeg, place.decDeg]),
    ...(solarSystemArcsec !== undefined && {
      solarSystem: { name: String(10_000 + pick(stream, 500_000)), distArcsec: solarSystemArcsec },
    }),
    ...(history !== undefined && { earlier: history }),
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
  const year = new Date((jd - 2440587.5) * 86_400_000).getUTCFullYear();
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
