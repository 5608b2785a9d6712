import type { Alert, FilterInput } from '../model/alert.js';
import type { Cutouts } from '../model/cutouts.js';
import type { WriterSchema } from './avro/writer-schema.js';
import type { Packet } from './packet.js';

/** Fields that filters read, by part of the alert. */
export interface FilterFields {
  readonly candidate: readonly string[];
  readonly history: readonly string[];
}

/** An alert as the screen sees it: only what the filters asked for. */
export interface ScreenedAlert {
  readonly alertId: string;
  readonly objectId: string;
  readonly jd: number;
  /** What a channel with these access tags may see of it; undefined where it may not see the alert at all. */
  view(access: readonly string[]): FilterInput | undefined;
}

/** What a filter's input is made from once an alert is stored. */
export type StoredContent = Pick<Alert, 'objectId' | 'candidate' | 'datapoints'>;

/** A survey: how its packets become alerts. Each survey is one folder of `streams/`. */
export interface Survey {
  readonly name: string;
  /** Access tags that a channel of this survey can name. */
  readonly access: readonly string[];
  /** True where packets of this schema are this survey's. */
  recognises(schema: WriterSchema): boolean;
  /** The whole alert without cutouts. Throws `Unreadable`. */
  readAlert(packet: Packet): Alert;
  /** The image stamps of the alert, as they are packed. Throws `Unreadable`. */
  readCutouts(packet: Packet): Cutouts;
  /** A reader of the given fields only; schemas are compiled once each. The reader throws `Unreadable`. */
  screenReader(fields: FilterFields): (packet: Packet) => ScreenedAlert;
  /** What a filter sees of a stored alert; undefined where a channel with these access tags may not see it. */
  filterInput(alert: StoredContent, access: readonly string[]): FilterInput | undefined;
  /**
   * Datapoints that make up the state of an alert at `jd`, from all that is known of the object: no later points, none
   * superseded. `forced`: with forced photometry or without; default as in AMPEL.
   */
  stateMembers<Point extends Alert['datapoints'][number]>(
    known: readonly Point[],
    jd: number,
    forced?: boolean,
  ): Point[];
  /** True where a channel with these access tags may see a point with these tags. */
  maySee(tags: readonly string[], access: readonly string[]): boolean;
}
