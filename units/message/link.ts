import type { Occasion } from '../../model/occasion.js';
import { seen } from './seen.js';

/** What a template of a link may name. */
export const LINK_PARTS = ['objectId', 'stock', 'alertId', 'ra', 'dec'] as const;

const PART = /\{([^{}]*)\}/g;

/** What is wrong with a template; undefined where nothing is. */
export function linkFault(template: string): string | undefined {
  const unknown = [...template.matchAll(PART)]
    .map(([, name = '']) => name)
    .find((name) => !LINK_PARTS.some((part) => part === name));
  if (unknown !== undefined) return `unknown {${unknown}}, expected one of {${LINK_PARTS.join('}, {')}}`;
  const [url, other] = ['a', 'b'].map((letter) => template.replace(PART, letter));
  if (url === undefined || other === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    return 'expected an address that starts with https:// or http://';
  }
  const { host, username, password } = new URL(url);
  if (username !== '' || password !== '') return 'credentials do not belong in a link that is shown';
  // The name of an object must not choose where people are led.
  return URL.canParse(other) && new URL(other).host === host ? undefined : 'what stands in {} belongs after the host';
}

/** The address for this object, with every letter of its name as a part of the path or query. */
export function linkOf(template: string, { objectId, stock, alertId, position: { ra, dec } }: Occasion): URL {
  const parts: Readonly<Record<(typeof LINK_PARTS)[number], string>> = {
    ...{ objectId, stock, alertId },
    ...{ ra: degrees(ra), dec: degrees(dec) },
  };
  const valueOf = new Map<string, string>(Object.entries(parts));
  return new URL(template.replace(PART, (_, name: string) => encodeURIComponent(seen(valueOf.get(name) ?? ''))));
}

function degrees(value: number): string {
  return String(Number(value.toFixed(6)));
}
