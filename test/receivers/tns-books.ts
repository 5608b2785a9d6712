import { angularSeparationDeg } from '../../model/sky-separation.js';
import { faultsOf, type AtReport } from './tns-rules.js';

export interface TnsObject {
  readonly name: string;
  readonly prefix: string;
  readonly ra: number;
  readonly dec: number;
  readonly internalNames: string[];
}

export interface TnsQuery {
  readonly internal_name?: string;
  readonly ra?: number;
  readonly dec?: number;
  readonly radius?: number;
}

interface Taken {
  readonly id: number;
  readonly report: AtReport;
  asksLeft: number;
  reply?: Reply;
}

interface Reply {
  readonly code: number;
  readonly feedback: unknown;
}

const SAME_OBJECT_ARCSEC = 1.5;
const FIRST_LETTERS = 'abc';
const IDENTICAL = 'An identical AT report (sender, RA/DEC, discovery date, internal_name) already exists.';

/** What a Transient Name Server knows: objects with names, and reports that wait until they are looked at. */
export class TnsBooks {
  readonly objects: TnsObject[] = [];
  /** Internal names of the reports that have been let in, in order. */
  readonly reported: string[] = [];
  /** How often a report's reply is not there yet. */
  asksBeforeReply = 0;
  private readonly taken: Taken[] = [];

  search({ internal_name, ra, dec, radius }: TnsQuery): readonly TnsObject[] {
    if (internal_name !== undefined) return this.objects.filter((one) => one.internalNames.includes(internal_name));
    return this.near({ ra: Number(ra), dec: Number(dec) }, Number(radius));
  }

  /** The number of the report. */
  take(report: AtReport): number {
    const id = 5000 + this.taken.length;
    this.taken.push({ id, report, asksLeft: this.asksBeforeReply });
    return id;
  }

  reply(id: number): Reply | undefined {
    const taken = this.taken.find((one) => one.id === id);
    if (taken === undefined || (taken.reply === undefined && taken.asksLeft-- > 0)) return undefined;
    return (taken.reply ??= this.process(taken.report));
  }

  /** Looks at all that waits. */
  processAll(): void {
    for (const one of this.taken) one.reply ??= this.process(one.report);
  }

  private process(report: AtReport): Reply {
    const faults = faultsOf(report);
    if (faults !== undefined) return { code: 400, feedback: faults };
    const { internal_name: internalName, discovery_datetime: discovered } = report;
    if (this.reported.includes(internalName)) {
      return { code: 400, feedback: { ra: { value: { 5: { message: IDENTICAL, message_id: 5 } } } } };
    }
    this.reported.push(internalName);
    const place = { ra: report.ra.value, dec: report.dec.value };
    const [existing] = this.near(place, SAME_OBJECT_ARCSEC);
    const at_rep = { message: 'Report added' };
    if (existing !== undefined) {
      existing.internalNames.push(internalName);
      return { code: 200, feedback: { 101: { prefix: existing.prefix, objname: existing.name }, at_rep } };
    }
    const letters = (Number.parseInt(FIRST_LETTERS, 36) + this.objects.length).toString(36);
    const name = `${discovered.slice(0, 4)}${letters}`;
    this.objects.push({ ...place, name, prefix: 'AT', internalNames: [internalName] });
    return { code: 200, feedback: { 100: { objname: name }, at_rep } };
  }

  private near(place: { readonly ra: number; readonly dec: number }, arcsec: number): readonly TnsObject[] {
    return this.objects.filter((one) => 3600 * angularSeparationDeg(one, place) <= arcsec);
  }
}
