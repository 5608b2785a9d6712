import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { combineState } from '../activities/combine.js';
import type { Alert } from '../model/alert.js';
import type { Json } from '../model/canonical-json.js';
import type { Packet } from '../streams/packet.js';
import type { ScreenedAlert, Survey } from '../streams/survey.js';
import type { FilterUnit, T2Unit, T3Unit } from '../units/define.js';
import { trialLine, type TrialLine } from './trial.js';

/** What a T2 or T3 unit makes of the state that one alert leads to. */
export interface UnitLine {
  readonly alertId: string;
  readonly objectId: string;
  readonly unit: string;
  readonly version: string;
  readonly state: string;
  /** Of a T2 unit. */
  readonly result?: Json;
  /** Of a T3 unit: what it would send. */
  readonly message?: Json;
}

/** A filter that decides otherwise on the fields it declares than on the whole alert. */
export class UndeclaredField extends Error {
  override readonly name = 'UndeclaredField';
}

/**
 * A filter on whole alerts, all points visible. Throws `UndeclaredField` where the screen, which decodes only the fields
 * that the filter declares, would decide otherwise.
 */
export function filterLines<Config extends FilterUnit['config']>(
  unit: FilterUnit<Config>,
  config: z.output<Config>,
): (packet: Packet, survey: Survey) => TrialLine {
  const readers = new Map<Survey, (packet: Packet) => ScreenedAlert>();
  return (packet, survey) => {
    let reader = readers.get(survey);
    if (reader === undefined) readers.set(survey, (reader = survey.screenReader(unit.reads)));
    const alert = survey.readAlert(packet);
    const whole = survey.filterInput(alert, survey.access);
    const declared = reader(packet).view(survey.access);
    if (whole === undefined || declared === undefined)
      throw new Error(`${survey.name} has no access tag for this alert`);
    const verdict = unit.run(whole, config);
    const screened = unit.run(declared, config);
    if (!isDeepStrictEqual(verdict, screened)) {
      const found = `${JSON.stringify(verdict)} on the whole alert, ${JSON.stringify(screened)} on the fields of "reads"`;
      throw new UndeclaredField(`${unit.name} reads more than it declares: ${found}`);
    }
    return trialLine(alert, verdict);
  };
}

/** A T2 unit on the state of each alert alone. */
export function t2Lines<Config extends T2Unit['config']>(
  unit: T2Unit<Config>,
  config: z.output<Config>,
): (packet: Packet, survey: Survey) => UnitLine {
  return (packet, survey) => {
    const alert = survey.readAlert(packet);
    const { objectId, stock } = alert;
    const { link, datapoints } = combineState(survey, alert.datapoints, alert, survey.access);
    const result = unit.result.safeParse(unit.run({ objectId, stock, link, datapoints }, config));
    if (result.success) return { ...lineHead(alert, unit, link), result: result.data };
    throw new TypeError(`${unit.name} gave a result other than it declares: ${z.prettifyError(result.error)}`);
  };
}

/** What a T3 unit would send for each alert at once, without results of T2 units. Nothing is sent. */
export function t3Lines<Config extends T3Unit['config']>(
  unit: T3Unit<Config>,
  config: z.output<Config>,
): (packet: Packet, survey: Survey) => UnitLine {
  return (packet, survey) => {
    const alert = survey.readAlert(packet);
    const { alertId, objectId, stock, position, jd } = alert;
    const { link, datapoints } = combineState(survey, alert.datapoints, alert, survey.access);
    const rule = { channel: 'UNIT_RUN', rule: 'unit-run', key: `UNIT_RUN/unit-run/${stock}/${alertId}` };
    const state = { link, datapoints };
    const occasion = { ...rule, objectId, stock, position, dueJd: jd, alertId, state, results: {} };
    return { ...lineHead(alert, unit, link), message: unit.compose(occasion, config) };
  };
}

function lineHead(
  { alertId, objectId }: Pick<Alert, 'alertId' | 'objectId'>,
  unit: { readonly name: string; readonly version: string },
  state: string,
): UnitLine {
  return { alertId, objectId, unit: unit.name, version: unit.version, state };
}
