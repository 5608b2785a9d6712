import type { Fact } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { FactList } from './facts.js';
import { isWebAddress, shown } from './fields.js';
import { childrenOf, type XmlElement } from './xml-tree.js';

interface VoParam {
  readonly fact: Fact;
  readonly text: string;
  readonly unit: string;
  readonly ucd: string;
}

/** Deeper groups are not in the standard. */
const MAX_GROUPS = 4;

/** Parameters of a VOEvent's `<What>`, by name, in groups by `<group>/<name>`. */
export class VoParams {
  readonly #params = new Map<string, VoParam>();
  readonly #facts = new FactList();

  /** Of parameters with one name the first counts; all are facts. */
  add(name: string, param: VoParam): void {
    if (!this.#params.has(name)) this.#params.set(name, param);
    this.#facts.add(name, param.fact);
  }

  /** As it was written; undefined where it is missing or blank. */
  text(name: string): string | undefined {
    const text = this.#params.get(name)?.text ?? '';
    return text === '' ? undefined : text;
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text !== undefined && NUMBER.test(text) ? Number(text) : undefined;
  }

  isTrue(name: string): boolean {
    return ['true', '1'].includes(this.text(name)?.toLowerCase() ?? '');
  }

  unit(name: string): string {
    return this.#params.get(name)?.unit ?? '';
  }

  /** Numbers of a group, by name. */
  numbersOf(group: string): Record<string, number> {
    const prefix = `${group}/`;
    const names = [...this.#params.keys()].filter((name) => name.startsWith(prefix));
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = this.number(name);
        return value === undefined ? [] : [[name.slice(prefix.length), value] as const];
      }),
    );
  }

  /** Web addresses by the last part of their names. */
  addresses(): [name: string, url: string][] {
    return [...this.#params].flatMap(([name, { text, ucd }]) =>
      ucd === 'meta.ref.url' && isWebAddress(text) ? [[name.slice(name.lastIndexOf('/') + 1), text]] : [],
    );
  }

  facts(): Record<string, Fact> {
    return this.#facts.record();
  }
}

/** The typed parameters in a `<What>`. Throws `Unreadable` where a value is not of its stated type. */
export function voParams(what: XmlElement | undefined): VoParams {
  const params = new VoParams();
  if (what !== undefined) addAll(params, what, '', 0);
  return params;
}

function addAll(params: VoParams, parent: XmlElement, prefix: string, depth: number): void {
  for (const element of childrenOf(parent, 'Param')) {
    const name = element.attributes.get('name') ?? '';
    if (name !== '') params.add(`${prefix}${name}`, paramOf(element, `${prefix}${name}`));
  }
  if (depth >= MAX_GROUPS) return;
  for (const group of childrenOf(parent, 'Group')) {
    // LVK names what a group is by its type; its name is the pipeline's.
    const name = group.attributes.get('type') ?? group.attributes.get('name') ?? 'Group';
    addAll(params, group, `${prefix}${name}/`, depth + 1);
  }
}

function paramOf(element: XmlElement, name: string): VoParam {
  const value = element.attributes.get('value') ?? childrenOf(element, 'Value')[0]?.text ?? '';
  const text = value.trim();
  const ucd = element.attributes.get('ucd') ?? '';
  const dataType = element.attributes.get('dataType') ?? '';
  return { text, ucd, unit: element.attributes.get('unit') ?? '', fact: typed(text, dataType, ucd, name) };
}

const NUMBER = /^[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})(e[+-]?\d{1,3})?$/i;
const NO_NUMBER = /^[+-]?(nan|inf|infinity)$/i;

/** Ids stay text, and so do integers that a double cannot hold and what a missing type leaves unclear. */
function typed(text: string, dataType: string, ucd: string, name: string): Fact {
  const isNumeric = dataType === 'int' || dataType === 'float';
  if (text === '') return isNumeric ? null : '';
  if (ucd === 'meta.id' || dataType === 'string') return text;
  if (NUMBER.test(text)) {
    const value = Number(text);
    const isExact = !/^[+-]?\d+$/.test(text) || Number.isSafeInteger(value);
    return isExact && Number.isFinite(value) ? value : text;
  }
  if (isNumeric && !NO_NUMBER.test(text)) {
    throw new Unreadable('absurd-field', `Param ${name.slice(0, 80)} is ${shown(text)}, expected dataType ${dataType}`);
  }
  return text === 'true' || text === 'false' ? text === 'true' : text;
}
