import { definedOnly, type Notice, type NoticeKind, type RelatedEvent } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { probabilitiesOf, shown } from './fields.js';
import { missionNamed } from './missions.js';
import { SUPEREVENT_ID, supereventRole } from './superevent.js';
import { farHzOf } from './voevent-far.js';
import { timesOf, voeventLinks } from './voevent-parts.js';
import type { Voevent } from './voevent.js';

const KINDS: Readonly<Record<string, NoticeKind>> = {
  earlywarning: 'early warning',
  preliminary: 'preliminary',
  initial: 'initial',
  update: 'update',
  retraction: 'retraction',
};
const COINCIDENCE = 'External Coincidence';

/** The notice in a VOEvent of LIGO/Virgo/KAGRA. Throws `Unreadable` where superevent or alert type are missing. */
export function gwVoeventNotice(event: Voevent): Notice {
  const { params } = event;
  const superevent = required(event, 'GraceID');
  if (!SUPEREVENT_ID.test(superevent)) throw absurd('GraceID', superevent, 'a superevent id like S190425z');
  const alertType = required(event, 'AlertType');
  const kind = Object.hasOwn(KINDS, alertType.toLowerCase()) ? KINDS[alertType.toLowerCase()] : undefined;
  if (kind === undefined)
    throw absurd('AlertType', alertType, 'EarlyWarning, Preliminary, Initial, Update or Retraction');
  const maps = new Map(params.addresses());
  const map = maps.get('skymap_fits');
  const jointMap = maps.get('joint_skymap_fits');
  return definedOnly({
    noticeId: event.ivorn,
    eventId: `LVK:${superevent}`,
    names: event.names,
    mission: 'LVK',
    instrument: params.text('Instruments'),
    kind,
    role: supereventRole(superevent, event.role, params.isTrue('HardwareInj')),
    revision: params.number('Pkt_Ser_Num'),
    isRetraction: kind === 'retraction',
    ...timesOf(event),
    position: event.position,
    skyMap: map === undefined ? undefined : { url: map },
    jointSkyMap: jointMap === undefined ? undefined : { url: jointMap },
    significance: significanceOf(event),
    facts: { ...params.facts(), ...event.why },
    links: linksOf(event),
    citations: event.citations,
    relatedEvents: relatedEventsOf(event),
    warnings: event.warnings,
    format: 'VOEvent' as const,
  });
}

function required({ params }: Voevent, name: string): string {
  const text = params.text(name);
  if (text === undefined)
    throw new Unreadable('missing-field', `Param ${name} is missing, which every notice of LVK has`);
  return text;
}

function absurd(name: string, found: string, expected: string): Unreadable {
  return new Unreadable('absurd-field', `Param ${name} is ${shown(found)}, expected ${expected}`);
}

function significanceOf({ params }: Voevent): Notice['significance'] {
  return definedOnly({
    farHz: farHzOf(params),
    isSignificant: params.text('Significant') === undefined ? undefined : params.isTrue('Significant'),
    classification: probabilitiesOf(params.numbersOf('Classification'), 'Classification'),
    properties: probabilitiesOf(params.numbersOf('Properties'), 'Properties'),
  });
}

/** The page of the event has the name that `igwn.gwalert` gives it. */
function linksOf(event: Voevent): Record<string, string> {
  const { EventPage: gracedb, ...links } = voeventLinks(event);
  return gracedb === undefined ? links : { gracedb, ...links };
}

function relatedEventsOf({ params }: Voevent): RelatedEvent[] {
  const observatory = params.text(`${COINCIDENCE}/External_Observatory`);
  const trigger = params.text(`${COINCIDENCE}/External_GCN_Notice_Id`);
  if (observatory === undefined || trigger === undefined) return [];
  return [
    definedOnly({
      eventId: `${missionNamed(observatory)}:${trigger}`,
      notice: params.text(`${COINCIDENCE}/External_Ivorn`),
    }),
  ];
}
