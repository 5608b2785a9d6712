import { Client, Connection } from '@temporalio/client';
import type { Channel } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import type { StreamProgress } from '../model/stream.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import { startServers, type RunningServers } from '../servers/embedded.js';
import { openStore, type Store } from '../store/store.js';
import type { Json } from '../model/canonical-json.js';
import { loadRegistry } from '../units/registry.js';
import { searchAttributeTypes } from '../workflows/search-attributes.js';
import type { ServiceAddresses } from '../worker/services.js';

/** Servers of a benchmark's own, with a client and the store. */
export interface Installation {
  readonly servers: RunningServers;
  readonly services: ServiceAddresses;
  readonly client: Client;
  readonly store: Store;
  close(): Promise<void>;
}

export async function install(): Promise<Installation> {
  const servers = await startServers({ ephemeral: true, searchAttributes: searchAttributeTypes });
  const services = { temporal: servers.temporal, mongodb: { ...servers.mongodb, database: 'bench' } };
  const store = await openStore(services.mongodb);
  const client = new Client({ connection: await Connection.connect({ address: servers.temporal.address }) });
  const close = async (): Promise<void> => {
    await client.connection.close();
    await store.close();
    await servers.stop();
  };
  return { servers, services, client, store, close };
}

/** The cuts of AMPEL's HU_RAPID channel, the Gaia query left out. */
export const HU_RAPID_CUTS = {
  ...{
    min_ndet: 2,
    min_tspan: -666,
    max_tspan: 5,
    min_rb: 0.3,
    max_fwhm: 5.5,
    max_elong: 1.4,
    max_magdiff: 1,
    max_nbad: 0,
  },
  ...{ min_sso_dist: 20, min_gal_lat: 14, gaia_rs: 0, gaia_pm_signif: 3, gaia_plx_signif: 3, gaia_veto_gmag_min: 9 },
  ...{ gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999, ps1_sgveto_rad: 1, ps1_sgveto_th: 0.8 },
  ...{ ps1_confusion_rad: 3, ps1_confusion_sg_tol: 0.1 },
};

/** Cuts that nearly every detection passes. */
export const OPEN_CUTS = {
  ...HU_RAPID_CUTS,
  ...{
    min_ndet: 0,
    min_tspan: -1e9,
    max_tspan: 1e9,
    min_archive_tspan: -1e9,
    max_archive_tspan: 1e9,
    min_rb: -1,
    max_fwhm: 1e9,
  },
  ...{ max_elong: 1e9, max_magdiff: 1e9, min_sso_dist: 0, min_gal_lat: -1, ps1_sgveto_rad: 0, ps1_confusion_rad: 0 },
};

/** A channel with these cuts that summarises each state. */
export async function benchChannel(name: string, cuts: Json): Promise<Channel> {
  const registry = await loadRegistry();
  const use = (unit: { name: string; version: string }, config: Json) => {
    return { unit: unit.name, version: unit.version, config, configHash: contentHash(config) };
  };
  return {
    ...{ name, version: '1', streams: ['ztf'], access: ['ZTF_PUB', 'ZTF_PRIV'] },
    t0: { ztf: use(registry.filter('DecentFilter'), registry.filter('DecentFilter').config.parse(cuts) as Json) },
    t2: [use(registry.t2('T2LightCurveSummary'), registry.t2('T2LightCurveSummary').config.parse({}) as Json)],
    t3: [],
  };
}

/** Starts the channel's workflow and waits until it is active. */
export async function startChannel({ client, store }: Installation, channel: Channel): Promise<void> {
  const revision = { channel, hash: contentHash(JSON.parse(JSON.stringify(channel)) as Json) };
  await client.workflow.start('channel', {
    workflowId: workflowId.channel(channel.name),
    taskQueue: TASK_QUEUE.workflows,
    args: [revision],
  });
  while ((await store.channels.findOne({ _id: channel.name, state: 'active' })) === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Reads these archives to their end; every transient has decided when it returns. */
export async function runStream(
  { client }: Installation,
  name: string,
  paths: readonly string[],
  batchSize: number,
): Promise<StreamProgress> {
  const handle = await client.workflow.start('stream', {
    workflowId: workflowId.stream(name),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ name, survey: 'ztf', source: { kind: 'archive', paths }, clock: 'stream', batchSize }],
  });
  return (await handle.result()) as StreamProgress;
}
