import type { Instant, RelatedEvent } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { isObject, objectsOf, textOf, textsOf, type JsonObject } from './fields.js';
import { missionNamed, type SchemaMission } from './missions.js';

/** The mission's own id of the event first, then all its other names. */
export function namesOf(
  message: JsonObject,
  subject: SchemaMission,
  eventTime: Instant | undefined,
): [string, ...string[]] {
  const targets = targetsOf(message);
  const ids = [...(subject.idFields ?? []), 'id'].flatMap((name) => textsOf(message, name));
  const names = [...textsOf(message, 'event_name'), ...targets.flatMap((target) => textsOf(target, 'event_name'))];
  const instrument = textOf(message, 'instrument') ?? subject.instrument;
  const [first, ...others] = [...new Set([...ids, ...names])];
  if (first === undefined) {
    if (eventTime === undefined)
      throw new Unreadable('missing-field', 'the notice names no event: no id, no event_name, no time of it');
    return [[instrument, eventTime.iso].filter((part) => part !== undefined).join('/')];
  }
  // A source that flares again is another event under the same name.
  if (subject.kind === 'flare' && eventTime !== undefined)
    return [`${first}/${eventTime.iso.slice(0, 10)}`, first, ...others];
  return targets.length > 1 && ids.length === 0 ? [[first, ...others].join('+'), first, ...others] : [first, ...others];
}

/** What BOOM lists in place of one event. */
export function targetsOf(message: JsonObject): JsonObject[] {
  return isObject(message['data']) ? objectsOf(message['data'], 'targets') : [];
}

/** Events of other missions: of a search for counterparts, of a targeted search, of a crossmatch. */
export function relatedEventsOf(message: JsonObject): RelatedEvent[] {
  const followed = textOf(message, 'follow_up_event')?.match(/^(\S{1,40}) (\S{1,80})$/);
  const crossmatches = targetsOf(message).flatMap((target) => objectsOf(target, 'gcn_crossmatch'));
  return [
    ...(followed?.[1] !== undefined && followed[2] !== undefined
      ? [{ eventId: `${missionNamed(followed[1])}:${followed[2]}` }]
      : []),
    ...[message, ...crossmatches].flatMap(referenceOf),
  ];
}

/** A reference of GCN's `FollowUp` schema; `gcn.notices.LVK.alert` names mission and notice. */
function referenceOf(reference: JsonObject): RelatedEvent[] {
  const id = textOf(reference, 'ref_ID');
  if (id === undefined) return [];
  const [topic, notice] = Object.entries(isObject(reference['reference']) ? reference['reference'] : {})[0] ?? [];
  const mission = textOf(reference, 'ref_instrument') ?? /^gcn\.notices\.([^.]+)\./.exec(topic ?? '')?.[1];
  if (mission === undefined) return [];
  const eventId = `${missionNamed(mission)}:${id}`;
  return [typeof notice === 'string' ? { eventId, notice } : { eventId }];
}
