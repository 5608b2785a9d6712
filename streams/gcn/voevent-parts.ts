import { definedOnly, type Notice } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { isWebAddress } from './fields.js';
import type { Voevent } from './voevent.js';

/** The times of a VOEvent. Throws `Unreadable` where it has neither. */
export function timesOf({ issuedAt, eventTime }: Voevent): Pick<Notice, 'issuedAt' | 'eventTime'> {
  if (issuedAt === undefined && eventTime === undefined) {
    throw new Unreadable('missing-field', 'the VOEvent has no time: neither Who/Date nor an ISOTime');
  }
  return definedOnly({ issuedAt, eventTime });
}

/** Addresses among the parameters by their names, and what `<How>` refers to. */
export function voeventLinks({ params, references }: Voevent): Record<string, string> {
  const addresses = params.addresses().filter(([name]) => !/skymap_fits$|^healpix_url$/i.test(name));
  const pages = references.filter(isWebAddress).map((url, index) => [`reference${index + 1}`, url] as const);
  return Object.fromEntries([...addresses, ...pages]);
}
