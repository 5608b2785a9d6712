/**
 * What a unit is made of, for packages of units outside this repository: `import { defineT2, z } from 'ampel-temporal/units'`.
 * `z` is zod as the broker has it.
 */
export { z } from 'zod';
export type { AlertContent, FilterInput } from '../model/alert.js';
export type { Json } from '../model/canonical-json.js';
export type { Datapoint, DatapointKind, Fields, FieldValue } from '../model/datapoint.js';
export type { Acceptance, Rejection, Verdict } from '../model/decision.js';
export type { Occasion } from '../model/occasion.js';
export type { LightCurve, SingleDatapoint, State, Stock } from '../model/t2-input.js';
export {
  BadInput,
  defineFilter,
  definePreparedFilter,
  defineRemoteT2,
  defineT2,
  defineT3,
  defineTiedT2,
  ReactionRefused,
  TryAgain,
  UnfitConfig,
} from './define.js';
export type {
  Answer,
  Clients,
  ConfigSchema,
  Execution,
  FileContents,
  FilterContext,
  FilterReads,
  FilterUnit,
  Need,
  NeededResult,
  NeededResults,
  T2Context,
  T2Inputs,
  T2Kind,
  T2Unit,
  T3Unit,
  Unit,
} from './define.js';
