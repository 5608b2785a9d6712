import type { Fact } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { isObject } from './fields.js';

/** Notices have up to 120 parameters; one with photometry more. */
const MAX_FACTS = 5_000;
/** All parameters together: what a workflow's message can carry, several times over. */
const MAX_CHARACTERS = 262_144;

/** Collects a notice's own parameters. Throws `Unreadable` where there are more than any notice has. */
export class FactList {
  readonly #facts = new Map<string, Fact>();
  readonly #counts = new Map<string, number>();
  #characters = 0;

  /** A name that is taken gets `#2`, `#3`… */
  add(name: string, fact: Fact): void {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const key = count === 1 ? name : `${name}#${count}`;
    this.#facts.set(key, fact);
    this.#characters += key.length + (typeof fact === 'string' ? fact.length : 8);
    if (this.#facts.size > MAX_FACTS) {
      throw new Unreadable(
        'too-large',
        `the notice has more than ${MAX_FACTS} parameters, the last is ${name.slice(0, 80)}`,
      );
    }
    if (this.#characters > MAX_CHARACTERS) {
      throw new Unreadable(
        'too-large',
        `the parameters up to ${name.slice(0, 80)} have more than ${MAX_CHARACTERS} characters`,
      );
    }
  }

  /** All leaves of a JSON value, names joined by `/`; `without` are the names that are left out. */
  addAll(value: unknown, name: string, without: ReadonlySet<string>): void {
    if (without.has(name)) return;
    if (typeof value === 'object' && value !== null && (isObject(value) || Array.isArray(value))) {
      for (const [key, member] of Object.entries(value)) {
        this.addAll(member, name === '' ? key : `${name}/${key}`, without);
      }
    } else if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      this.add(name, value);
    }
  }

  record(): Record<string, Fact> {
    return Object.fromEntries(this.#facts);
  }
}
