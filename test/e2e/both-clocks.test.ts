import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createActivities } from '../../activities/activities.js';
import { channelRef } from '../../activities/channel-revisions.js';
import { persistAlerts } from '../../activities/persist-alerts.js';
import { checkChannel } from '../../channels/check-channel.js';
import type { Alert } from '../../model/alert.js';
import type { ChannelRevision } from '../../model/channel.js';
import type { Clock } from '../../model/transient.js';
import { findServerBinary } from '../../servers/binary.js';
import { startMongod, type Mongod } from '../../servers/mongod.js';
import { mongodProgram } from '../../servers/server-program.js';
import { openStore, type Store } from '../../store/store.js';
import { readArchive } from '../../streams/archive/archive.js';
import { isBad } from '../../streams/packet.js';
import { ztf } from '../../streams/ztf/survey.js';
import { loadRegistry, type Registry } from '../../units/registry.js';
import { clockSignal } from '../../workflows/transient.js';
import { describeWithData, sharedData } from '../shared-data.js';
import { isAtRest } from '../workflows/history.js';
import { startRig, type Rig } from '../workflows/rig.js';
import { detect, nowJd, type TransientHandle } from '../workflows/transient-handle.js';
import { waitFor } from '../workflows/wait-for.js';

const SERIES = ['ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz', 'ZTF18abxhyqv_AT2018luk_4alerts.tar.gz'];
const DAY_MS = 86_400_000;
/** After the last alert, so that every wait is over. */
const LATER_DAYS = 20;

const CHANNEL = `
name: BOTH_CLOCKS
version: 1.0.0
stream: ztf
access: [ZTF_PUB, ZTF_PRIV]
t0:
  unit: DecentFilter
  config: {min_ndet: 2, min_tspan: -1e9, max_tspan: 1e9, min_rb: 0.6, max_fwhm: 4, max_elong: 1.3, max_magdiff: 1,
    max_nbad: 0, min_sso_dist: 0, min_gal_lat: -1, gaia_rs: 0, gaia_pm_signif: 3, gaia_plx_signif: 3,
    gaia_veto_gmag_min: 9, gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999, ps1_sgveto_rad: 0, ps1_sgveto_th: 1,
    ps1_confusion_rad: 0, ps1_confusion_sg_tol: 0}
t2:
  - unit: T2LightCurveSummary
reactions: { mode: live }
t3:
  - {name: tell, unit: WebhookReaction, config: {url: "http://receiver"}, when: accepted}
  - {name: ask, unit: WebhookReaction, config: {url: "http://receiver"}, when: accepted, after: 3 nights, unless: detection}
  - {name: lost, unit: WebhookReaction, config: {url: "http://receiver"}, when: detection, after: 4 nights, unless: detection}
  - {name: report, unit: WebhookReaction, config: {url: "http://receiver"}, when: {result: T2LightCurveSummary}, after: 2 h}
  - {name: seen-often, unit: WebhookReaction, config: {url: "http://receiver"}, when: T2LightCurveSummary.num_detections > 2, within: 30 nights}
  - {name: bright, unit: WebhookReaction, config: {url: "http://receiver"}, when: state.lastMag < 19 && state.detections > 1, after: 2 nights,
    unless: "state.detections > 8"}
  - {name: twice, unit: WebhookReaction, config: {url: "http://receiver"}, when: detection, atMost: 2}
  - {name: news, unit: WebhookReaction, config: {url: "http://receiver"}, when: state.lastMag < 30, atMost: 3}
  - {name: never, unit: WebhookReaction, config: {url: "http://receiver"}, when: state.peakMag < 3}
`;

const messageRule = z.looseObject({ rule: z.string() });

describeWithData('a channel on real light curves, once on the wall clock and once on a stream clock', () => {
  let rig: Rig;
  let mongod: Mongod;
  let folder: string;
  let registry: Registry;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ampel-both-clocks-'));
    const program = await findServerBinary(mongodProgram, { env: process.env });
    mongod = await startMongod({ program, folder, port: 0, cacheSizeGb: 0.25, life: 'guarded' });
    registry = await loadRegistry();
    rig = await startRig();
  });

  afterAll(async () => {
    await rig.stop();
    await mongod.process.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(SERIES)('makes the same decisions, results and reactions of %s', async (series) => {
    const alerts = startingAt((await nowJd(rig)) + 0.1, await alertsOf(join(sharedData, 'ztf/series', series)));
    const live = await outcome('live', async (feed) => {
      for (const alert of alerts) {
        await rig.env.sleep((alert.jd - (await nowJd(rig))) * DAY_MS);
        await feed(alert);
      }
      await rig.env.sleep(LATER_DAYS * DAY_MS);
    });
    const archive = await outcome({ stream: 'june' }, async (feed) => {
      let handle: TransientHandle | undefined;
      for (const alert of alerts) handle = await feed(alert);
      await handle?.signal(clockSignal, (alerts.at(-1)?.jd ?? 0) + LATER_DAYS);
    });

    expect(live.decisions.length).toBe(alerts.length);
    expect(new Set(live.decisions.map(({ outcome: verdict }) => verdict))).toEqual(new Set(['accepted', 'rejected']));
    expect(live.results.length).toBeGreaterThan(0);
    expect(live.messages.length).toBeGreaterThan(2);
    expect(archive).toEqual(live);
    const accepted = live.decisions.filter(({ outcome: verdict }) => verdict === 'accepted').length;
    const told = live.messages.map((message) => messageRule.parse(message).rule);
    const timesOf = (rule: string): number => told.filter((one) => one === rule).length;
    expect([timesOf('twice'), timesOf('news'), timesOf('never')]).toEqual([2, Math.min(3, accepted), 0]);
    expect(timesOf('bright') + timesOf('seen-often')).toBeGreaterThan(0);
  });

  /** What is in a store of its own after a transient was fed, without what tells when and by whom it was written. */
  async function outcome(
    clock: Clock,
    run: (feed: (alert: Alert) => Promise<TransientHandle>) => Promise<void>,
  ): Promise<Outcome> {
    const name = `${clock === 'live' ? 'live' : 'archive'}-${Date.now()}`;
    const store = await openStore({ uri: mongod.mongodb.uri, database: name });
    try {
      const messages: unknown[] = [];
      const revision = await useActivities(store, messages);
      let handle: TransientHandle | undefined;
      await run(async (alert) => {
        handle = await passOn(store, clock, revision, alert, name);
        return handle;
      });
      await waitFor(async () => handle !== undefined && (await isAtRest(handle)));
      return await readOutcome(store, messages);
    } finally {
      await store.close();
    }
  }

  async function useActivities(store: Store, messages: unknown[]): Promise<ChannelRevision> {
    const check = checkChannel(CHANNEL, 'BOTH_CLOCKS.yaml', registry);
    if (!check.ok) throw new Error(JSON.stringify(check.errors));
    const fetch: typeof globalThis.fetch = (_url, init) => {
      messages.push(JSON.parse(typeof init?.body === 'string' ? init.body : 'null'));
      return Promise.resolve(new Response('ok'));
    };
    const clients = { fetch, secret: (): string => '' };
    const { workflows, t2, t3 } = createActivities({ store, client: rig.env.client, registry, clients });
    await workflows.activateChannel(check.revision);
    rig.use({ ...workflows, ...t2, ...t3 });
    return check.revision;
  }

  /** As a stream does with an alert that the channel may want. */
  async function passOn(
    store: Store,
    clock: Clock,
    revision: ChannelRevision,
    alert: Alert,
    run: string,
  ): Promise<TransientHandle> {
    const ref = channelRef(revision);
    await persistAlerts(store, run, [
      { alert, partition: 'archive', offset: 0, place: run, channels: [ref], accepted: [] },
    ]);
    const { alertId, jd, objectId, stock } = alert;
    const handle = await detect(rig, `${objectId}-${run}`, [{ alertId, jd, channels: [ref] }], {
      clock,
      objectId,
      stock,
    });
    await waitFor(() => isAtRest(handle));
    if (clock !== 'live') await handle.signal(clockSignal, jd - 0.5);
    return handle;
  }
});

interface Outcome {
  readonly decisions: readonly { readonly outcome: string }[];
  readonly results: readonly object[];
  readonly reactions: readonly object[];
  readonly messages: readonly unknown[];
}

async function readOutcome(store: Store, messages: readonly unknown[]): Promise<Outcome> {
  const without = { trace: 0, at: 0, sentAt: 0 } as const;
  const [decisions, results, reactions] = await Promise.all([
    store.journal.find({ tier: 't0' }, { projection: without }).sort({ _id: 1 }).toArray(),
    store.results.find({}, { projection: without }).sort({ _id: 1 }).toArray(),
    store.reactions.find({}, { projection: without }).sort({ _id: 1 }).toArray(),
  ]);
  const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return { decisions, results, reactions, messages: [...messages].sort(byText) };
}

async function alertsOf(path: string): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for await (const packet of readArchive([path])) {
    if (isBad(packet)) throw new Error(`${packet.place} cannot be read`);
    alerts.push(ztf.readAlert(packet));
  }
  return alerts.sort((a, b) => a.jd - b.jd);
}

/** The same light curve, observed from `jd` on: live operation decides on what was observed just now. */
function startingAt(jd: number, alerts: readonly Alert[]): Alert[] {
  const days = jd - (alerts[0]?.jd ?? jd);
  const later = <Body extends { readonly jd?: unknown }>(body: Body): Body => ({ ...body, jd: Number(body.jd) + days });
  return alerts.map((alert) => ({
    ...later(alert),
    candidate: later(alert.candidate),
    datapoints: alert.datapoints.map((point) => ({ ...later(point), body: later(point.body) })),
  }));
}
