import { definedOnly, type Citation, type Fact, type Instant, type NoticePosition } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { bounded, shown } from './fields.js';
import { skyPoint } from './unified-position.js';
import { utcInstant } from './utc-instant.js';
import { voParams, type VoParams } from './voevent-params.js';
import { childrenOf, elementAt, parseXml, xmlTextAt, type XmlElement } from './xml-tree.js';

/** IVOA's VOEvent, as far as observers' notices go. */
export interface Voevent {
  readonly ivorn: string;
  /** Before the `#`, without `ivo://`: `nasa.gsfc.gcn/Fermi`. */
  readonly authority: string;
  /** After the `#`. */
  readonly localId: string;
  readonly role: 'observation' | 'prediction' | 'utility' | 'test';
  readonly issuedAt?: Instant;
  readonly eventTime?: Instant;
  /** As written: some senders write 0, 0 where they know none. Error radius 0 is left out. */
  readonly position?: NoticePosition;
  readonly params: VoParams;
  /** Names in `<Why>`. */
  readonly names: readonly string[];
  readonly why: Readonly<Record<string, Fact>>;
  readonly references: readonly string[];
  readonly citations: readonly Citation[];
  readonly warnings: readonly string[];
}

/** 1.1 differs in nothing that is read here; IceCube's notices had it until 2019. */
const VERSIONS = ['1.1', '2.0'];
const ROLES: readonly Voevent['role'][] = ['observation', 'prediction', 'utility', 'test'];
const CITES: readonly Citation['cite'][] = ['supersedes', 'retraction', 'followup'];
const IVORN = /^ivo:\/\/([^\s#]{1,200})#(\S{1,300})$/;

/** The VOEvent in an XML text. Throws `Unreadable` as `parseXml` does, and for what every VOEvent must have. */
export function parseVoevent(text: string): Voevent {
  const root = parseXml(text);
  if (root.name !== 'VOEvent') {
    throw new Unreadable('not-a-notice', `the XML's root is <${root.name.slice(0, 60)}>, expected <VOEvent>`);
  }
  const version = root.attributes.get('version');
  if (!VERSIONS.includes(version ?? '')) throw absurd('VOEvent/version', version, VERSIONS.join(' or '));
  const role = ROLES.find((one) => one === (root.attributes.get('role') ?? 'observation'));
  if (role === undefined) throw absurd('VOEvent/role', root.attributes.get('role'), ROLES.join(', '));
  const ivorn = root.attributes.get('ivorn') ?? '';
  const [, authority, localId] = IVORN.exec(ivorn) ?? [];
  if (authority === undefined || localId === undefined) throw absurd('VOEvent/ivorn', ivorn, 'ivo://<authority>#<id>');
  const warnings: string[] = [];
  return definedOnly({
    ivorn,
    authority,
    localId,
    role,
    issuedAt: instantAt(root, 'Who', 'Date'),
    ...whereWhen(root, warnings),
    params: voParams(elementAt(root, 'What')),
    ...whyOf(elementAt(root, 'Why')),
    references: childrenOf(elementAt(root, 'How'), 'Reference').flatMap(
      ({ attributes }) => attributes.get('uri') ?? [],
    ),
    citations: citationsOf(root, warnings),
    warnings,
  });
}

function absurd(place: string, found: string | undefined, expected: string): Unreadable {
  if (found === undefined || found === '')
    return new Unreadable('missing-field', `${place} is missing, expected ${expected}`);
  return new Unreadable('absurd-field', `${place} is ${shown(found)}, expected ${expected}`);
}

function instantAt(root: XmlElement, ...path: readonly string[]): Instant | undefined {
  const text = xmlTextAt(root, ...path);
  return text === undefined ? undefined : utcInstant(text, path.slice(-2).join('/'));
}

const COORDINATES = ['WhereWhen', 'ObsDataLocation', 'ObservationLocation', 'AstroCoords'];

function whereWhen(root: XmlElement, warnings: string[]): { eventTime?: Instant; position?: NoticePosition } {
  const coordinates = elementAt(root, ...COORDINATES);
  const position = elementAt(coordinates, 'Position2D');
  return definedOnly({
    eventTime: instantAt(root, ...COORDINATES, 'Time', 'TimeInstant', 'ISOTime'),
    position: position === undefined ? undefined : positionOf(position, systemOf(root, coordinates), warnings),
  });
}

function systemOf(root: XmlElement, coordinates: XmlElement | undefined): string {
  const location = elementAt(root, ...COORDINATES.slice(0, -1), 'AstroCoordSystem');
  return coordinates?.attributes.get('coord_system_id') ?? location?.attributes.get('id') ?? '';
}

function positionOf(position: XmlElement, system: string, warnings: string[]): NoticePosition | undefined {
  const axes = [xmlTextAt(position, 'Name1') ?? 'RA', xmlTextAt(position, 'Name2') ?? 'Dec'].join(', ');
  const unit = position.attributes.get('unit') ?? 'deg';
  if (axes.toLowerCase() !== 'ra, dec' || !/^deg/i.test(unit) || !/FK5|ICRS/i.test(system)) {
    warnings.push(
      `the position is in ${shown(`${axes} ${unit} ${system}`)}, expected RA, Dec, deg in FK5 or ICRS: not taken`,
    );
    return undefined;
  }
  const ra = coordinate(position, 'Value2', 'C1');
  const dec = coordinate(position, 'Value2', 'C2');
  if (ra === undefined || dec === undefined) return undefined;
  const radius = coordinate(position, 'Error2Radius');
  const errorRadiusDeg = radius === undefined ? 0 : bounded(radius, 'Position2D/Error2Radius', 0, 180);
  return { ...skyPoint(ra, dec, 'Position2D/'), ...(errorRadiusDeg > 0 ? { errorRadiusDeg } : {}) };
}

function coordinate(position: XmlElement, ...path: readonly string[]): number | undefined {
  const text = xmlTextAt(position, ...path);
  if (text === undefined) return undefined;
  if (!/^[+-]?\d{1,20}(\.\d{0,40})?(e[+-]?\d{1,3})?$/i.test(text))
    throw absurd(['Position2D', ...path].join('/'), text, 'degrees');
  return Number(text);
}

function whyOf(why: XmlElement | undefined): { names: string[]; why: Record<string, Fact> } {
  const inference = elementAt(why, 'Inference');
  const facts: [string, string | undefined][] = [
    ['Why/importance', why?.attributes.get('importance')],
    ['Why/probability', inference?.attributes.get('probability')],
    ['Why/concept', xmlTextAt(inference, 'Concept') ?? xmlTextAt(why, 'Concept')],
  ];
  const stated = facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value.slice(0, 200)] as const]));
  const names = [...childrenOf(why, 'Name'), ...childrenOf(inference, 'Name')].map(({ text }) => text.trim());
  return { names: names.filter((name) => name !== ''), why: Object.fromEntries(stated) };
}

function citationsOf(root: XmlElement, warnings: string[]): Citation[] {
  return childrenOf(elementAt(root, 'Citations'), 'EventIVORN').flatMap(({ attributes, text }) => {
    const stated = attributes.get('cite')?.toLowerCase() ?? '';
    const cite = CITES.find((one) => one === stated);
    const noticeId = text.trim();
    if (cite !== undefined && IVORN.test(noticeId)) return [{ noticeId, cite }];
    warnings.push(`citation ${shown(`${stated} ${noticeId}`)} is not taken, expected ${CITES.join(', ')} and an ivorn`);
    return [];
  });
}
