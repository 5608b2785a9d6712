import { XMLParser } from 'fast-xml-parser';
import { Unreadable } from '../avro/unreadable.js';
import { isObject, shown } from './fields.js';
import { refuseMalformedXml } from './well-formed-xml.js';

/** One element without namespace prefixes; its text is that of its own, not of its children. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** VOEvents nest nine levels deep. */
const MAX_DEPTH = 24;
const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: CDATA,
  textNodeName: TEXT,
  maxNestedTags: MAX_DEPTH + 1,
});

/**
 * The root element of an XML text. Nothing is ever expanded but the five entities of XML and numeric ones. Throws `Unreadable`: not
 * well-formed, a DOCTYPE or entity declaration, another entity, another encoding, more than 24 levels.
 */
export function parseXml(text: string): XmlElement {
  const declaration = /<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.exec(text);
  if (declaration !== null) {
    throw new Unreadable(
      'forbidden',
      `the XML has a ${declaration[0]} at character ${declaration.index}, expected none`,
    );
  }
  refuseOtherEncoding(text);
  refuseMalformedXml(text, MAX_DEPTH);
  const [root, ...others] = elementsOf(parsed(text), 0);
  if (root === undefined || others.length > 0) {
    throw new Unreadable(
      'corrupt',
      `the XML has ${others.length + (root === undefined ? 0 : 1)} root elements, expected one`,
    );
  }
  return root;
}

/** All children of this name. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first element along a path of names. */
export function elementAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => childrenOf(at, name)[0], element);
}

/** The text of the first element along a path; undefined where it is missing or blank. */
export function xmlTextAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const text = elementAt(element, ...path)?.text.trim() ?? '';
  return text === '' ? undefined : text;
}

function refuseOtherEncoding(text: string): void {
  const encoding = /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']{0,40})["']/.exec(text)?.[1];
  if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
    throw new Unreadable('corrupt', `the XML says it is in ${shown(encoding)}, expected UTF-8`);
  }
}

function parsed(text: string): unknown {
  try {
    return parser.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : '';
    const isDeep = /nested/i.test(reason);
    throw new Unreadable(
      isDeep ? 'forbidden' : 'corrupt',
      isDeep ? `the XML is nested deeper than ${MAX_DEPTH} levels` : `no XML: ${reason}`,
    );
  }
}

/** The parser gives a list of objects with one member, named after the element, and one for the attributes. */
function elementsOf(nodes: unknown, depth: number): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  if (depth > MAX_DEPTH) throw new Unreadable('forbidden', `the XML is nested deeper than ${MAX_DEPTH} levels`);
  return nodes.flatMap((node: unknown) => {
    if (!isObject(node)) return [];
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT && key !== CDATA);
    if (name === undefined) return [];
    const attributes = Object.entries(isObject(node[ATTRIBUTES]) ? node[ATTRIBUTES] : {});
    const content = node[name];
    return [
      {
        name,
        attributes: new Map(attributes.map(([key, value]) => [key, withoutEntities(String(value))])),
        children: elementsOf(content, depth + 1),
        text: ownText(content),
      },
    ];
  });
}

function ownText(nodes: unknown): string {
  const parts: readonly unknown[] = Array.isArray(nodes) ? nodes : [];
  return parts
    .map((part) => {
      if (!isObject(part)) return '';
      if (typeof part[TEXT] === 'string') return withoutEntities(part[TEXT]);
      return Array.isArray(part[CDATA]) ? part[CDATA].map(rawText).join('') : '';
    })
    .join('');
}

/** The text in a CDATA section, in which nothing stands for anything else. */
function rawText(part: unknown): string {
  return isObject(part) && typeof part[TEXT] === 'string' ? part[TEXT] : '';
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Once over the text, so that `&amp;lt;` is `&lt;`. A bare `&`, as in addresses of careless senders, stays. */
function withoutEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9._-]{0,40});/gi, (found, name: string) => {
    if (name.startsWith('#')) return character(found, name);
    const value = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
    if (value === undefined) throw new Unreadable('forbidden', `entity ${found} is none of the five of XML`);
    return value;
  });
}

function character(found: string, name: string): string {
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  if (!isCharacter) throw new Unreadable('corrupt', `${found} is no character`);
  return String.fromCodePoint(code);
}
