import type { Notice } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { objectsOf, shown, textOf, type JsonObject } from './fields.js';
import { gwAlertNotice, isGwAlert } from './gwalert.js';
import { parseJsonObject } from './json-text.js';
import { missionNamed, schemaMission, schemaSubject } from './missions.js';
import { matchingSchemas, matchNamedSchema, type SchemaMatch } from './official-schemas.js';
import type { EmbeddedSkyMap } from './sky-map.js';
import { unifiedNotice } from './unified-notice.js';
import { utf8Text } from './utf8-text.js';
import { parseVoevent } from './voevent.js';
import { voeventNotice } from './voevent-notice.js';

/** A notice, and beside it the sky maps that it carried. */
export interface ReadNotice {
  readonly notice: Notice;
  readonly skyMap?: EmbeddedSkyMap;
  /** Of the coincidence with another mission's event. */
  readonly jointSkyMap?: EmbeddedSkyMap;
}

/** Two embedded maps of the largest size, in base64, and the text around them. */
const MAX_JSON_BYTES = 50_331_648;
/** VOEvents have under 10 kB. */
const MAX_XML_BYTES = 1_048_576;

/** First bytes of what archives hold beside notices. */
const OTHER_FILES: readonly (readonly [start: string, what: string])[] = [
  ['\x1f\x8b', 'gzip data, to be unzipped first'],
  ['SIMPLE  =', 'a FITS file'],
  ['Obj\x01', 'an Avro container'],
];

/**
 * The notice in one message, by its content: a VOEvent (XML), a unified GCN notice or an `igwn.gwalert` (JSON). Throws
 * `Unreadable`: `not-a-notice` (a circular, a part of notices, another format), `schema`, `missing-field`, `absurd-field`,
 * `corrupt` (not well-formed), `forbidden` (DOCTYPE, entities, deep nesting, repeated keys), `too-large`, `empty`.
 */
export function readNotice(bytes: Buffer): ReadNotice {
  for (const [start, what] of OTHER_FILES) {
    if (bytes.toString('latin1', 0, start.length) === start)
      throw new Unreadable('not-a-notice', `the message is ${what}`);
  }
  refuseLarger(bytes, MAX_JSON_BYTES);
  const text = utf8Text(bytes);
  const start = /\S/.exec(text)?.[0];
  if (start === undefined) throw new Unreadable('empty', `the message is empty (${bytes.length} bytes)`);
  if (start === '<') {
    refuseLarger(bytes, MAX_XML_BYTES);
    return { notice: voeventNotice(parseVoevent(text)) };
  }
  if (start === '{' || start === '[') return readJson(parseJsonObject(text));
  throw new Unreadable(
    'not-a-notice',
    `the message begins with ${shown(text.trimStart().slice(0, 20))}, expected XML or JSON`,
  );
}

function refuseLarger(bytes: Buffer, most: number): void {
  if (bytes.length > most)
    throw new Unreadable('too-large', `the message has ${bytes.length} bytes, expected at most ${most}`);
}

function readJson(message: JsonObject): ReadNotice {
  const address = textOf(message, '$schema');
  if (address === undefined && isGwAlert(message)) return gwAlertNotice(message);
  if (address === undefined && isCircular(message)) throw circular(message);
  const match = address === undefined ? guessedSchema(message) : matchNamedSchema(message, address);
  switch (schemaSubject(match.path)) {
    case 'notice':
      return unifiedNotice(message, match);
    case 'circular':
      throw circular(message);
    case 'part':
      throw new Unreadable('not-a-notice', `schema ${match.path} describes a part of notices, not a notice`);
    case 'other':
      throw new Unreadable('not-a-notice', `schema ${match.path} describes no notice`);
  }
}

function isCircular(message: JsonObject): boolean {
  return ['circularId', 'subject', 'body'].every((name) => Object.hasOwn(message, name));
}

function circular(message: JsonObject): Unreadable {
  const what = `circular ${shown(message['circularId'])} ${shown(message['subject'])}`;
  return new Unreadable('not-a-notice', `the message is ${what}: a text for people, not a notice`);
}

/** The one schema of the mission that fits. Schemas ask for little, so that more than one is no answer. */
function guessedSchema(message: JsonObject): SchemaMatch {
  const mission = textOf(message, 'mission');
  if (mission === undefined) {
    const keys = shown(Object.keys(message).slice(0, 6).join(', '));
    const what = objectsOf(message, 'data').length > 0 ? 'a list of records' : `an object with ${keys}`;
    throw new Unreadable(
      'not-a-notice',
      `the JSON is ${what}; it names no $schema and no mission, and is no igwn.gwalert`,
    );
  }
  const fitting = matchingSchemas(
    message,
    (path) => schemaSubject(path) === 'notice' && schemaMission(path, undefined).mission === missionNamed(mission),
  );
  const [path, ...others] = fitting;
  if (path === undefined || others.length > 0) {
    const found = path === undefined ? 'no schema' : `${fitting.length} schemas (${fitting.join(', ')})`;
    throw new Unreadable(
      'schema',
      `the JSON names no $schema, and ${found} of mission ${shown(mission)} fit, expected exactly one`,
    );
  }
  return { path, warnings: [`the JSON names no $schema; ${path} fits`] };
}
