import type { Style } from './style.js';

/** What a new unit is called and how it is written. */
export interface NewUnit {
  /** `T2MyUnit` */
  readonly name: string;
  /** `t2MyUnit` */
  readonly constant: string;
  /** `t2-my-unit.mjs`: what its test imports. */
  readonly moduleFile: string;
  readonly style: Style;
}

/** The text of a unit that works, and of its test, which passes: to be changed into what it shall be. */
export type UnitText = (unit: NewUnit) => { readonly unit: string; readonly test: string };
