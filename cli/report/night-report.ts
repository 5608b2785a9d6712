import type { LatestCutouts } from '../../activities/latest-cutouts.js';
import type { Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import type { ModelCurve } from '../../plots/light-curve-curves.js';

/** What a channel made of one night (a UTC date), as far as it may see it. */
export interface NightReport {
  readonly night: string;
  readonly channel: { readonly name: string; readonly version: string; readonly description?: string };
  readonly madeAt: Date;
  readonly streams: readonly { readonly name: string; readonly alerts: number }[];
  readonly refused: readonly { readonly reason: string; readonly meaning?: string; readonly count: number }[];
  readonly accepted: { readonly objects: number; readonly newObjects: number };
  /** The first of them in full. */
  readonly candidates: readonly Candidate[];
  /** Names of the others. */
  readonly others: readonly string[];
  /** Runs of periodic rules that were due in the night. */
  readonly runs: readonly ReportedRun[];
}

/** An object that the channel accepted in the night, as it was known at its end. */
export interface Candidate {
  readonly objectId: string;
  readonly isNew: boolean;
  /** ICRS (deg). */
  readonly position: { readonly ra: number; readonly dec: number };
  readonly datapoints: readonly Datapoint[];
  /** Fits, drawn with the light curve. */
  readonly curves: readonly ModelCurve[];
  /** Image stamps of its newest alert that has some kept. */
  readonly stamps?: LatestCutouts;
  readonly results: readonly { readonly unit: string; readonly version: string; readonly body: Json }[];
  readonly links: readonly string[];
  readonly decisions: readonly string[];
  readonly reactions: readonly {
    readonly rule: string;
    readonly unit: string;
    readonly state: string;
    readonly answer: string;
  }[];
}

export interface ReportedRun {
  readonly rule: string;
  readonly dueJd: number;
  readonly looked: number;
  readonly selected: number;
  readonly states: Readonly<Record<string, number>>;
}
