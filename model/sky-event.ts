import { canonicalJson, type Json } from './canonical-json.js';
import {
  definedOnly,
  type Instant,
  type Notice,
  type NoticeKind,
  type NoticePosition,
  type NoticeRole,
  type Significance,
  type SkyMapReference,
} from './notice.js';

/** A notice as its event remembers it: all but what is the event's, and the mission's own parameters. */
export type Revision = Omit<Notice, 'eventId' | 'mission' | 'instrument' | 'role' | 'facts' | 'warnings' | 'format'>;

/** What all notices of one event add up to. */
export interface SkyEvent {
  /** `skyEventId` of its notices. */
  readonly id: string;
  readonly eventId: string;
  readonly mission: string;
  readonly role: NoticeRole;
  /** All names that any notice gave, sorted. */
  readonly names: readonly string[];
  readonly state: 'active' | 'retracted';
  /** Of the newest notice that has one; one with an error radius is preferred. It stays when the event is retracted. */
  readonly position?: NoticePosition;
  readonly skyMap?: SkyMapReference;
  readonly jointSkyMap?: SkyMapReference;
  readonly eventTime?: Instant;
  /** Of the newest notice that states any. */
  readonly significance: Significance;
  /** Each notice once, in order of issue time, then revision number. */
  readonly revisions: readonly Revision[];
}

/** The event that a notice belongs to. What was not observed is another event than what was, under any name. */
export function skyEventId(notice: Pick<Notice, 'eventId' | 'role'>): string {
  return notice.role === 'observation' ? notice.eventId : `${notice.role}/${notice.eventId}`;
}

/**
 * The event with this notice in it. The same notices give the same event in any order and with any repetition. A notice of
 * another role (a test in the name of an observed event) changes nothing. Throws `RangeError` for another event's notice.
 */
export function revise(event: SkyEvent | undefined, notice: Notice): SkyEvent {
  if (event !== undefined && event.eventId !== notice.eventId) {
    throw new RangeError(`notice ${notice.noticeId} is of event ${notice.eventId}, not of ${event.eventId}`);
  }
  if (event !== undefined && event.role !== notice.role) return event;
  const revisions = withRevision(event?.revisions ?? [], remembered(notice));
  const { eventId, mission, role } = notice;
  return {
    id: skyEventId(notice),
    eventId,
    mission,
    role,
    names: [...new Set(revisions.flatMap(({ names }) => names))].sort(),
    state: isRetracted(revisions) ? 'retracted' : 'active',
    ...newest(revisions),
    revisions,
  };
}

function remembered(notice: Notice): Revision {
  return definedOnly({
    noticeId: notice.noticeId,
    names: notice.names,
    kind: notice.kind,
    revision: notice.revision,
    isRetraction: notice.isRetraction,
    issuedAt: notice.issuedAt,
    eventTime: notice.eventTime,
    position: notice.position,
    skyMap: notice.skyMap,
    jointSkyMap: notice.jointSkyMap,
    significance: notice.significance,
    links: notice.links,
    citations: notice.citations,
    relatedEvents: notice.relatedEvents,
  });
}

function withRevision(revisions: readonly Revision[], added: Revision): Revision[] {
  const before = revisions.find(({ noticeId }) => noticeId === added.noticeId);
  if (before !== undefined && compareRevisions(before, added) >= 0) return [...revisions];
  return [...revisions.filter((one) => one !== before), added].sort(compareRevisions);
}

/** A total order, so that no order of arrival shows. Without a time of issue the time of the event stands in. */
function compareRevisions(one: Revision, other: Revision): number {
  return (
    issueJd(one) - issueJd(other) ||
    (one.revision ?? -1) - (other.revision ?? -1) ||
    Number(one.isRetraction) - Number(other.isRetraction) ||
    compareText(one.noticeId, other.noticeId) ||
    compareText(contentOf(one), contentOf(other))
  );
}

function issueJd({ issuedAt, eventTime }: Revision): number {
  return issuedAt?.jd ?? eventTime?.jd ?? 0;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function contentOf(revision: Revision): string {
  return canonicalJson(JSON.parse(JSON.stringify(revision)) as Json);
}

/** Sent by a pipeline before a person has looked. */
const UNVETTED: readonly NoticeKind[] = ['early warning', 'preliminary'];

function isRetracted(revisions: readonly Revision[]): boolean {
  return revisions.some(
    (retraction) => retraction.isRetraction && !revisions.some((later) => lifts(later, retraction)),
  );
}

/**
 * A vetted notice lifts a retraction when it is the later one by its time of issue, and not the earlier one by its number.
 * Where the two disagree the retraction stands: the next notice will settle it, lost telescope time is not given back.
 */
function lifts(later: Revision, retraction: Revision): boolean {
  if (later.isRetraction || UNVETTED.includes(later.kind)) return false;
  if (later.issuedAt === undefined || later.issuedAt.jd <= issueJd(retraction)) return false;
  return later.revision === undefined || retraction.revision === undefined || later.revision > retraction.revision;
}

function newest(
  revisions: readonly Revision[],
): Omit<SkyEvent, 'id' | 'eventId' | 'mission' | 'role' | 'names' | 'state' | 'revisions'> {
  const positions = revisions.flatMap(({ position }) => (position === undefined ? [] : [position]));
  return definedOnly({
    position: positions.findLast(({ errorRadiusDeg }) => errorRadiusDeg !== undefined) ?? positions.at(-1),
    skyMap: revisions.findLast(({ skyMap }) => skyMap !== undefined)?.skyMap,
    jointSkyMap: revisions.findLast(({ jointSkyMap }) => jointSkyMap !== undefined)?.jointSkyMap,
    eventTime: revisions.findLast(({ eventTime }) => eventTime !== undefined)?.eventTime,
    significance: revisions.findLast(({ significance }) => Object.keys(significance).length > 0)?.significance ?? {},
  });
}
