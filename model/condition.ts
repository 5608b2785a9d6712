/** An expression over the results of a state, and the units that it reads. */
export interface Condition {
  readonly holds: string;
  readonly units: readonly string[];
}
