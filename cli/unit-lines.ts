import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { combineState } from '../activities/combine.js';
import { inputOf, targetsOf, type Target, type WorkPlace } from '../activities/t2-work.js';
import type { Alert } from '../model/alert.js';
import type { Json } from '../model/canonical-json.js';
import type { Packet } from '../streams/packet.js';
import type { ScreenedAlert, Survey } from '../streams/survey.js';
import {
  readsOf,
  type Clients,
  type FileContents,
  type FilterUnit,
  type NeededResult,
  type T2Unit,
  type T3Unit,
} from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { runJob } from '../units/unit-job.js';
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

/** A T2 unit that gave no result. */
export class NoResult extends Error {
  override readonly name = 'NoResult';
}

/**
 * A filter on whole alerts, all points visible. Throws `UndeclaredField` where the screen, which decodes only the fields
 * that the filter declares, would decide otherwise, and `UnfitConfig` where it takes no alerts of a survey.
 */
export function filterLines<Config extends FilterUnit['config']>(
  unit: FilterUnit<Config>,
  config: z.output<Config>,
  files: FileContents = new Map(),
): (packet: Packet, survey: Survey) => TrialLine {
  const bind = (survey: Survey): { read: (packet: Packet) => ScreenedAlert; run: ReturnType<typeof unit.bind> } => {
    const run = unit.bind(config, { survey: survey.name, files });
    return { read: survey.screenReader(readsOf(unit, config, survey.name)), run };
  };
  const bound = new Map<Survey, ReturnType<typeof bind>>();
  return (packet, survey) => {
    let ready = bound.get(survey);
    if (ready === undefined) bound.set(survey, (ready = bind(survey)));
    const alert = survey.readAlert(packet);
    const whole = survey.filterInput(alert, survey.access);
    const declared = ready.read(packet).view(survey.access);
    if (whole === undefined || declared === undefined)
      throw new Error(`${survey.name} has no access tag for this alert`);
    const verdict = ready.run(whole);
    const screened = ready.run(declared);
    if (!isDeepStrictEqual(verdict, screened)) {
      const found = `${JSON.stringify(verdict)} on the whole alert, ${JSON.stringify(screened)} on the fields of "reads"`;
      throw new UndeclaredField(`${unit.name} reads more than it declares: ${found}`);
    }
    return trialLine(alert, verdict);
  };
}

/** What units of T2 are run with outside a channel. */
export interface T2Tools {
  readonly registry: Registry;
  readonly clients: Clients;
}

/**
 * A T2 unit on the state of each alert alone, one that looks at datapoints on the latest; what a tied unit needs is computed
 * with the defaults of the units that it needs. Rejects with `NoResult`.
 */
export function t2Lines<Config extends T2Unit['config']>(
  unit: T2Unit<Config>,
  config: z.output<Config>,
  tools: T2Tools,
): (packet: Packet, survey: Survey) => Promise<UnitLine> {
  return async (packet, survey) => {
    const alert = survey.readAlert(packet);
    const { objectId, stock } = alert;
    const state = combineState(survey, alert.datapoints, alert, { access: survey.access });
    const entries = tools.registry.all().filter((one) => one.tier === 't2');
    const place = { objectId, stock, view: survey, units: entries.map(entryOf), state, links: [state.link] };
    const [target] = targetsOf(entryOf(unit), place);
    if (target === undefined) throw new NoResult(`${unit.name} looks at detections, and there is none`);
    const { body } = await resultAt(unit, config, target, place, tools);
    return { ...lineHead(alert, unit, state.link), result: body };
  };
}

/** As a channel has it that computes every unit with its defaults. */
function entryOf({ name, version, input: kind, needs }: T2Unit): WorkPlace['units'][number] {
  const bare = { version: '', configHash: '' };
  const use = { unit: name, version, config: null, configHash: '' };
  return { kind, use: { ...use, ...(needs && { needs: needs.map((need) => ({ ...need, ...bare })) }) } };
}

async function resultAt<Config extends T2Unit['config']>(
  unit: T2Unit<Config>,
  config: z.output<Config>,
  target: Target,
  place: WorkPlace,
  tools: T2Tools,
): Promise<NeededResult> {
  const needed: Record<string, NeededResult[]> = {};
  for (const { need, targets } of target.needs) {
    const other = tools.registry.t2(need.unit);
    const [first] = targets;
    if (first !== undefined) needed[need.unit] = [await resultAt(other, other.config.parse({}), first, place, tools)];
  }
  const job = { unit: unit.name, config: config as Json, input: inputOf(unit.input, target, place), needed };
  const answer = await runJob(tools.registry, job, { clients: tools.clients, signal: new AbortController().signal });
  if (answer.ok) return { link: target.link, body: answer.body };
  throw new NoResult(`${unit.name}: ${answer.message} (${answer.failure})`);
}

/** What a T3 unit would send for each alert at once, without results of T2 units. Nothing is sent. */
export function t3Lines<Config extends T3Unit['config']>(
  unit: T3Unit<Config>,
  config: z.output<Config>,
): (packet: Packet, survey: Survey) => UnitLine {
  return (packet, survey) => {
    const alert = survey.readAlert(packet);
    const { alertId, objectId, stock, position, jd } = alert;
    const { link, datapoints } = combineState(survey, alert.datapoints, alert, { access: survey.access });
    const rule = { channel: 'UNIT_RUN', rule: 'unit-run', key: `UNIT_RUN/unit-run/${stock}/${alertId}` };
    const state = { link, datapoints };
    const occasion = { ...rule, objectId, stock, position, dueJd: jd, alertId, state, results: {}, earlier: [] };
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
