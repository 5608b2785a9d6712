import { z } from 'zod';
import { definedOnly, type Notice, type NoticeKind, type RelatedEvent } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { FactList } from './facts.js';
import { FAR_BOUNDS_HZ } from './far-bounds.js';
import { isWebAddress, shown, type JsonObject } from './fields.js';
import { jsonNoticeId } from './json-notice-id.js';
import { missionNamed } from './missions.js';
import { embeddedSkyMap, skyMapReference, type EmbeddedSkyMap } from './sky-map.js';
import { SUPEREVENT_ID, supereventRole } from './superevent.js';
import { utcInstant } from './utc-instant.js';

const KINDS = {
  EARLYWARNING: 'early warning',
  PRELIMINARY: 'preliminary',
  INITIAL: 'initial',
  UPDATE: 'update',
  RETRACTION: 'retraction',
} as const satisfies Record<string, NoticeKind>;

const probability = z.number().min(0).max(1);
const rateHz = z.number().min(FAR_BOUNDS_HZ[0]).max(FAR_BOUNDS_HZ[1]);
const nullish = <T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> => schema.nullable().optional();
const probabilities = nullish(z.record(z.string(), probability.nullable()));

/** LVK's `igwn.gwalert` topic; fields that are new are let through. */
const GW_ALERT = z.looseObject({
  alert_type: z.enum(Object.keys(KINDS) as (keyof typeof KINDS)[]),
  time_created: z.string(),
  superevent_id: z.string().regex(SUPEREVENT_ID, 'a superevent id like S190425z'),
  urls: nullish(z.record(z.string(), z.string())),
  event: nullish(
    z.looseObject({
      time: z.string(),
      far: nullish(rateHz),
      significant: nullish(z.boolean()),
      instruments: nullish(z.array(z.string())),
      properties: probabilities,
      classification: probabilities,
      skymap: nullish(z.string()),
    }),
  ),
  external_coinc: nullish(
    z.looseObject({
      gcn_notice_id: nullish(z.union([z.int(), z.string()])),
      ivorn: nullish(z.string()),
      observatory: nullish(z.string()),
      combined_skymap: nullish(z.string()),
    }),
  ),
});
type GwAlert = z.output<typeof GW_ALERT>;

const MAPS: ReadonlySet<string> = new Set(['event/skymap', 'external_coinc/combined_skymap']);

/** True for JSON of LVK's own topic: it names no schema. */
export function isGwAlert(message: JsonObject): boolean {
  return Object.hasOwn(message, 'superevent_id') && Object.hasOwn(message, 'alert_type');
}

/** The notice in an `igwn.gwalert` message. Throws `Unreadable`: path, found value, expectation. */
export function gwAlertNotice(message: JsonObject): {
  notice: Notice;
  skyMap?: EmbeddedSkyMap;
  jointSkyMap?: EmbeddedSkyMap;
} {
  const alert = parsed(message);
  const kind = KINDS[alert.alert_type];
  const eventId = `LVK:${alert.superevent_id}`;
  const issuedAt = utcInstant(alert.time_created, 'time_created');
  if (kind !== 'retraction' && alert.event == null) {
    throw new Unreadable(
      'missing-field',
      `event is ${shown(alert.event)}, expected an object: ${alert.alert_type} is no RETRACTION`,
    );
  }
  const map = mapOf(alert.event?.skymap, 'event/skymap');
  const jointMap = mapOf(alert.external_coinc?.combined_skymap, 'external_coinc/combined_skymap');
  const facts = new FactList();
  facts.addAll(message, '', MAPS);
  const instruments = alert.event?.instruments ?? [];
  const notice: Notice = definedOnly({
    noticeId: jsonNoticeId(eventId, kind, issuedAt.iso, message, 'igwn.gwalert'),
    eventId,
    names: [],
    mission: 'LVK',
    instrument: instruments.length === 0 ? undefined : instruments.join(','),
    kind,
    role: supereventRole(alert.superevent_id, 'observation', false),
    isRetraction: kind === 'retraction',
    issuedAt,
    eventTime: alert.event == null ? undefined : utcInstant(alert.event.time, 'event/time'),
    skyMap: skyMapReference(undefined, map.skyMap),
    jointSkyMap: skyMapReference(undefined, jointMap.skyMap),
    significance: significanceOf(alert.event),
    facts: facts.record(),
    links: Object.fromEntries(Object.entries(alert.urls ?? {}).filter(([, url]) => isWebAddress(url))),
    citations: [],
    relatedEvents: relatedEventsOf(alert.external_coinc),
    warnings: [...map.warnings, ...jointMap.warnings],
    format: 'igwn.gwalert' as const,
  });
  return definedOnly({ notice, skyMap: map.skyMap, jointSkyMap: jointMap.skyMap });
}

function parsed(message: JsonObject): GwAlert {
  const result = GW_ALERT.safeParse(message, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new Unreadable('schema', 'the message is no igwn.gwalert');
  const expected = issue.message
    .replace(/^Invalid input: expected /, '')
    .replace(/^(Invalid|Too|Unrecognized)[^:]*: (expected )?/, '');
  const place = issue.path.map(String).join('/').slice(0, 120) || 'the message';
  throw new Unreadable(
    'schema',
    `${place} is ${shown(issue.input)}, expected ${expected.slice(0, 160)} (igwn.gwalert)`,
  );
}

function mapOf(base64: string | null | undefined, place: string): { skyMap?: EmbeddedSkyMap; warnings: string[] } {
  if (base64 == null || base64 === '') return { warnings: [] };
  const map = embeddedSkyMap(base64, place);
  return 'warning' in map ? { warnings: [map.warning] } : { skyMap: map, warnings: [] };
}

function significanceOf(event: GwAlert['event']): Notice['significance'] {
  return definedOnly({
    farHz: event?.far ?? undefined,
    isSignificant: event?.significant ?? undefined,
    classification: known(event?.classification),
    properties: known(event?.properties),
  });
}

/** Without the classes that are null: a burst has none. */
function known(
  probabilitiesByName: Readonly<Record<string, number | null>> | null | undefined,
): Record<string, number> | undefined {
  const entries = Object.entries(probabilitiesByName ?? {}).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function relatedEventsOf(coincidence: GwAlert['external_coinc']): RelatedEvent[] {
  if (coincidence?.observatory == null || coincidence.gcn_notice_id == null) return [];
  const eventId = `${missionNamed(coincidence.observatory)}:${coincidence.gcn_notice_id}`;
  return [coincidence.ivorn == null ? { eventId } : { eventId, notice: coincidence.ivorn }];
}
