import { definedOnly, type Instant, type Notice, type Significance } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { FactList } from './facts.js';
import { FAR_BOUNDS_HZ } from './far-bounds.js';
import { bounded, isObject, isWebAddress, numberOf, probabilitiesOf, textOf, type JsonObject } from './fields.js';
import { jsonNoticeId } from './json-notice-id.js';
import { schemaMission, unifiedKind, unifiedRole } from './missions.js';
import type { SchemaMatch } from './official-schemas.js';
import { embeddedSkyMap, skyMapReference, type EmbeddedSkyMap } from './sky-map.js';
import { namesOf, relatedEventsOf, targetsOf } from './unified-event.js';
import { unifiedPosition } from './unified-position.js';
import { utcInstant } from './utc-instant.js';

/** Fields that are no parameters: which schema, and the map's own bytes. */
const NO_FACTS: ReadonlySet<string> = new Set(['$schema', 'healpix_file']);

/**
 * The notice in a unified GCN message that fits its schema. Throws `Unreadable` for values that no schema bounds:
 * coordinates, times, probabilities.
 */
export function unifiedNotice(message: JsonObject, match: SchemaMatch): { notice: Notice; skyMap?: EmbeddedSkyMap } {
  const subject = schemaMission(match.path, textOf(message, 'mission'));
  const map = mapOf(message);
  const times = timesOf(message);
  const [ownId, ...names] = namesOf(message, subject, times.eventTime);
  const eventId = `${subject.mission}:${ownId}`;
  const kind = unifiedKind(textOf(message, 'alert_type'), textOf(message, 'subtype'), subject);
  const revision = numberOf(message, 'record_number');
  const facts = new FactList();
  facts.addAll(message, '', NO_FACTS);
  const notice: Notice = definedOnly({
    noticeId: jsonNoticeId(
      eventId,
      kind,
      revision ?? (times.issuedAt ?? times.eventTime)?.iso ?? '',
      message,
      match.path,
    ),
    eventId,
    names,
    mission: subject.mission,
    instrument: textOf(message, 'instrument') ?? subject.instrument,
    kind,
    role: unifiedRole(textOf(message, 'alert_tense'), subject),
    revision,
    isRetraction: kind === 'retraction',
    ...times,
    position: positionOf(message),
    skyMap: skyMapReference(mapUrlOf(message), map.skyMap),
    significance: significanceOf(message),
    facts: facts.record(),
    links: linksOf(message),
    citations: [],
    relatedEvents: relatedEventsOf(message),
    warnings: [...match.warnings, ...map.warnings],
    format: 'GCN JSON' as const,
  });
  return { notice, ...(map.skyMap === undefined ? {} : { skyMap: map.skyMap }) };
}

function timesOf(message: JsonObject): { issuedAt?: Instant; eventTime?: Instant } {
  const instant = (name: string): Instant | undefined => {
    const text = textOf(message, name);
    return text === undefined ? undefined : utcInstant(text, name);
  };
  const issuedAt = instant('alert_datetime');
  const eventTime = instant('trigger_time') ?? instant('observation_start');
  if (issuedAt === undefined && eventTime === undefined) {
    throw new Unreadable(
      'missing-field',
      'the notice has no time: neither alert_datetime nor trigger_time nor observation_start',
    );
  }
  return definedOnly({ issuedAt, eventTime });
}

function positionOf(message: JsonObject): Notice['position'] {
  const [target, ...others] = targetsOf(message);
  const direction = message['most_probable_direction'];
  return (
    unifiedPosition(message) ??
    (isObject(direction) ? unifiedPosition(direction, 'most_probable_direction/') : undefined) ??
    (target !== undefined && others.length === 0 ? unifiedPosition(target, 'data/targets/0/') : undefined)
  );
}

function significanceOf(message: JsonObject): Significance {
  const [target, ...others] = targetsOf(message);
  const within = (name: string, bounds: readonly [number, number]): number | undefined => {
    const value = numberOf(message, name);
    return value === undefined ? undefined : bounded(value, name, ...bounds);
  };
  const scores = target !== undefined && others.length === 0 ? target['classification_scores'] : undefined;
  return definedOnly({
    farHz: within('far', FAR_BOUNDS_HZ),
    pAstro: within('p_astro', [0, 1]),
    classification: probabilitiesOf(message['classification'] ?? scores, 'classification'),
    properties: probabilitiesOf(message['properties'], 'properties'),
    energyTev: within('nu_energy', [0, 1e12]),
    snr: numberOf(message, 'image_snr') ?? numberOf(message, 'rate_snr') ?? numberOf(message, 'snr'),
  });
}

function mapOf(message: JsonObject): { skyMap?: EmbeddedSkyMap; warnings: string[] } {
  const base64 = textOf(message, 'healpix_file');
  if (base64 === undefined) return { warnings: [] };
  const map = embeddedSkyMap(base64, 'healpix_file');
  return 'warning' in map ? { warnings: [map.warning] } : { skyMap: map, warnings: [] };
}

function urlOf(message: JsonObject, name: string): string | undefined {
  const text = textOf(message, name);
  return text !== undefined && isWebAddress(text) ? text : undefined;
}

/** Some examples name a site in place of a file. */
function mapUrlOf(message: JsonObject): string | undefined {
  const url = urlOf(message, 'healpix_url');
  return url !== undefined && /^[a-z]+:\/\/[^/]+\/./i.test(url) ? url : undefined;
}

function linksOf(message: JsonObject): Record<string, string> {
  const links = Object.keys(message).flatMap((name) => {
    const url = name === '$schema' || name === 'healpix_url' ? undefined : urlOf(message, name);
    return url === undefined ? [] : [[name, url] as const];
  });
  return Object.fromEntries(links);
}
