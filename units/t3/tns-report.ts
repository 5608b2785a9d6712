import { z } from 'zod';
import type { Json } from '../../model/canonical-json.js';
import { defineT3, ReactionRefused, TryAgain, type Answer, type Clients } from '../define.js';
import { composeReport } from '../tns/at-report.js';
import { askTns, NoAnswer, type TnsAccess, type TnsSaid } from '../tns/tns-client.js';
import { namesFound, outcomeOf, reportIdOf } from '../tns/tns-reply.js';

const SITES = { sandbox: 'https://sandbox.wis-tns.org', live: 'https://www.wis-tns.org' } as const;
const ZTF = { filters: { g: 110, r: 111, i: 112 }, instrument: 196 };
const number = z.int().nonnegative();

const config = z.strictObject({
  site: z.enum(['sandbox', 'live']).default('sandbox').describe('live gives names for good: try the sandbox first'),
  url: z
    .string()
    .regex(/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/, 'expected http://127.0.0.1:PORT: for tests only')
    .optional()
    .describe('for tests: a server of this machine in place of the site'),
  secret: z.string().min(1).describe("name of the secret that is the bot's API key"),
  bot: z
    .strictObject({
      id: z.int().positive(),
      name: z.string().regex(/^[\x20-\x7e]+$/, 'a header holds printable ASCII only'),
    })
    .describe('as it is registered at TNS'),
  groups: z
    .strictObject({ reporting: number, dataSource: number })
    .describe("TNS's numbers of the reporting group and of the survey that the data are of (ZTF: 48)"),
  reporter: z.string().min(1).describe('authors of the discovery: A. One (Place), B. Two (Place), on behalf of …'),
  remarks: z.string().min(1).optional().describe('how objects are selected'),
  atType: number.default(1).describe('1 possible supernova, 2 nova, 3 AGN, 4 nucleus, 0 other'),
  tag: z.string().min(1).default('ZTF').describe('only datapoints with this tag: those of the survey'),
  filters: z.record(z.string(), number).default(ZTF.filters).describe("TNS's numbers by band"),
  instrument: number.default(ZTF.instrument).describe("TNS's number"),
  exposureSeconds: z.number().positive().default(30).describe('of each exposure'),
  minDetections: z.int().positive().default(2).describe('fewer are not reported'),
  minLimitMag: z.number().default(19.5).describe('a limit this deep counts as last non-detection'),
  maxAgeDays: z.number().positive().optional().describe('from the first detection until the reaction falls due'),
  maxMag: z.number().optional().describe('the brightest detection is this bright'),
  searchRadiusArcsec: z.number().positive().max(60).default(3).describe('a TNS object this near is the object'),
  pollSeconds: z.number().positive().max(600).default(60).describe('first wait for the reply; later ones are longer'),
  giveUpHours: z.number().positive().max(60).default(24).describe('a report without reply for so long is a failure'),
  timeoutSeconds: z.number().positive().max(18).default(15).describe('of one question to TNS; a try asks three'),
});
type Config = z.output<typeof config>;

/** What `compose` has made, as far as sending needs it. */
const message = z.object({
  internalName: z.string(),
  position: z.object({ ra: z.number(), dec: z.number() }).nullable(),
  refusal: z.string().nullable(),
  report: z.custom<Json>().nullable(),
});

/** What a pending answer keeps. */
const underway = z.object({ reportId: z.string(), internalName: z.string(), sentAt: z.iso.datetime() });

const MAX_POLL_MS = 600_000;
const HOUR_MS = 3_600_000;

/**
 * Reports a new object to the Transient Name Server (an AT report) and keeps its name: a reference `{name: "AT 2026abc"}`.
 * What TNS knows by internal name or position is not reported. TNS takes a report and says later what has come of it: see
 * docs/tns.md.
 */
export const tnsReport = defineT3({
  name: 'TNSReport',
  version: '1.0.0',
  summary: 'Reports the object to the Transient Name Server, unless it is known there, and keeps its name.',
  config,
  compose: composeReport,
  async send(composed, _key, config, clients) {
    const { internalName, position, refusal, report } = message.parse(composed);
    if (refusal !== null || position === null || report === null) {
      throw new ReactionRefused(`not reported: ${refusal ?? 'no report'}`);
    }
    const access = accessOf(config, clients);
    const { ra, dec } = position;
    const near = { ra, dec, radius: config.searchRadiusArcsec, units: 'arcsec' };
    const name = (await known(access, byName(internalName))) ?? (await known(access, near));
    if (name !== undefined) return { status: `known as ${name}`, reference: { name } };
    const reportId = await post(access, report);
    return pending({ reportId, internalName, sentAt: new Date().toISOString() }, config);
  },
  /**
   * TNS finds a report only once it is processed, most often within seconds, so that "not there" can be wrong even after the
   * engine's wait. That is safe: the stored message is sent again in the same words, `send` searches first, and TNS rejects
   * an identical report (sender, position, discovery date, internal name) as existing, which counts as reported. An object
   * that exists is answered with its name (101), never inserted a second time.
   */
  async find(composed, _key, config, clients) {
    const { internalName } = message.parse(composed);
    try {
      const name = await known(accessOf(config, clients), byName(internalName));
      return name === undefined ? 'not there' : { status: `known as ${name}`, reference: { name } };
    } catch (error) {
      // What passes is asked again; who may not ask cannot tell.
      if (error instanceof ReactionRefused) return 'cannot tell';
      throw error;
    }
  },
  async follow(reference, _key, config, clients) {
    const report = underway.parse(reference);
    const { reportId, internalName } = report;
    const access = accessOf(config, clients);
    const said = await asked(askTns(access, 'reply', { report_id: reportId }));
    // The report is taken: a key that was changed meanwhile can be put right.
    if ([401, 403].includes(said.code)) throw new TryAgain(`${said.text}; ${ADVICE}`);
    passing(said);
    const outcome = said.code === 404 ? ({ kind: 'waiting' } as const) : outcomeOf(said.data);
    if (outcome === undefined) throw new Error(`report ${reportId}: no reply that makes sense: ${said.text}`);
    switch (outcome.kind) {
      case 'named': {
        const { name, isNew } = outcome;
        return { status: `${name} (${isNew ? 'inserted' : 'existing'})`, reference: { name, reportId } };
      }
      case 'rejected':
        throw new ReactionRefused(`TNS rejects report ${reportId}: ${outcome.faults}`);
      case 'identical':
      case 'waiting': {
        // TNS has been seen to lose the reply, not the report.
        const name = await known(access, byName(internalName));
        if (name !== undefined) return { status: `${name} (existing)`, reference: { name, reportId } };
        return pending(report, config);
      }
    }
  },
});

const ADVICE = 'is the API key that of this bot, on this site, and may the bot report for these groups?';

function byName(internalName: string): Record<string, Json> {
  return { internal_name: internalName, internal_name_exact_match: 1 };
}

/** Each wait is as long as what has been waited so far, up to ten minutes. */
function pending(report: z.output<typeof underway>, { pollSeconds, giveUpHours }: Config): Answer {
  const { reportId, sentAt } = report;
  const waitedMs = Date.now() - Date.parse(sentAt);
  if (waitedMs > giveUpHours * HOUR_MS) {
    throw new ReactionRefused(
      `TNS has taken report ${reportId} at ${sentAt} and given no reply since; look for it on TNS before it is sent anew`,
    );
  }
  return {
    status: `report ${reportId} waits for TNS`,
    reference: report,
    pending: true,
    askAfterMs: Math.max(pollSeconds * 1000, Math.min(waitedMs, MAX_POLL_MS)),
  };
}

function accessOf({ site, url, secret, bot, timeoutSeconds }: Config, clients: Clients): TnsAccess {
  let key: string;
  try {
    key = clients.secret(secret);
  } catch (error) {
    // Nothing was asked yet, and the secret may come.
    throw new TryAgain(error instanceof Error ? error.message : `there is no secret "${secret}"`);
  }
  if (key.trim() === '') throw new TryAgain(`the secret "${secret}" is empty`);
  return { base: url ?? SITES[site], bot, key, timeoutMs: timeoutSeconds * 1000, fetch: clients.fetch };
}

/** The first object that a search finds. Whatever goes wrong here, nothing has been reported by it. */
async function known(access: TnsAccess, query: Record<string, Json>): Promise<string | undefined> {
  const said = await asked(askTns(access, 'search', { data: JSON.stringify(query) }));
  passing(said);
  refused(said);
  const names = namesFound(said.data);
  if (names === undefined) throw new TryAgain(`a search gave no list: ${said.text}`);
  return names[0];
}

/** Sends the report and gives its number. After a plain error nobody knows whether TNS has it. */
async function post(access: TnsAccess, report: Json): Promise<string> {
  let said: TnsSaid;
  try {
    said = await askTns(access, 'report', { data: JSON.stringify(report) });
  } catch (error) {
    if (error instanceof NoAnswer && !error.mayHaveArrived) throw new TryAgain(error.message);
    throw error;
  }
  if (said.code === 429) throw new TryAgain(said.text, said.waitMs);
  // Gateways of TNS have answered 504 to reports that had arrived.
  if (isPassing(said.code)) throw new Error(said.text);
  refused(said);
  const reportId = reportIdOf(said.data);
  if (reportId === undefined) throw new Error(`no number of the report: ${said.text}`);
  return reportId;
}

async function asked(answer: Promise<TnsSaid>): Promise<TnsSaid> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof NoAnswer ? new TryAgain(error.message) : error;
  }
}

function isPassing(code: number): boolean {
  return code >= 500 || code === 408 || code === 425;
}

function passing({ code, text, waitMs }: TnsSaid): void {
  if (code === 429 || isPassing(code)) throw new TryAgain(text, waitMs);
}

function refused({ code, text }: TnsSaid): void {
  if ([401, 403].includes(code)) throw new ReactionRefused(`${text}; ${ADVICE}`);
  if (code < 200 || code >= 300) throw new ReactionRefused(text);
}
