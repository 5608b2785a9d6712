import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import {
  benchChannel,
  install,
  OPEN_CUTS,
  runStream,
  startChannel,
  type Installation,
} from '../../bench/installation.js';
import type { Channel } from '../../model/channel.js';
import { contentHash } from '../../model/content-hash.js';
import { openStore, type Store } from '../../store/store.js';
import { containerItems } from '../../streams/avro/container-records.js';
import { SchemaCache } from '../../streams/avro/schema-cache.js';
import { ztf } from '../../streams/ztf/survey.js';
import { loadRegistry } from '../../units/registry.js';
import { outsideClients } from '../../worker/clients.js';
import { quietRuntime, ROLES, runWorkers, type RunningWorkers } from '../../worker/run-workers.js';
import { describeWithData, sharedData } from '../shared-data.js';
import { workflowBundle } from '../workflow-bundle.js';

/** What AMPEL's own ingestion gave, one alert at a time in order of time. */
interface Oracle {
  readonly sets: Readonly<Record<string, OracleSet>>;
}

interface OracleSet {
  readonly documents: { readonly stock: number; readonly t0: number; readonly t1: number; readonly t2: number };
  readonly alerts: readonly OracleAlert[];
  readonly datapoints?: Readonly<
    Record<string, { readonly o: string | readonly string[]; readonly tag: readonly string[]; readonly jd: number }>
  >;
  readonly t2_bodies?: Readonly<Record<string, { readonly body: Readonly<Record<string, unknown>> }>>;
  readonly reverse_order?: {
    readonly alerts: readonly { readonly candid: string; readonly states: readonly (readonly [number, number])[] }[];
    readonly documents: { readonly t0: number; readonly t1: number };
  };
}

interface OracleAlert {
  readonly candid: string;
  readonly objectId: string;
  readonly stock: number;
  readonly link: number;
  readonly n: number;
  readonly dps?: readonly string[];
  readonly state_public: number;
}

describeWithData('the store after ingesting real nights, against AMPEL', () => {
  const oracle = JSON.parse(
    readFileSync(join(sharedData, 'reference/oracles/ampel_ingest_shared.json'), 'utf8'),
  ) as Oracle;
  let installation: Installation;
  let folder: string;

  beforeAll(async () => {
    quietRuntime();
    installation = await install();
    folder = await mkdtemp(join(tmpdir(), 'ampel-oracle-'));
  });

  afterAll(async () => {
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Ingests a set into a data base of its own and hands over the store. */
  async function ingest(name: string, inReverse: boolean, check: (store: Store) => Promise<void>): Promise<void> {
    const id = `${name.replace(/\W/g, '_').slice(-40)}${inReverse ? '_reverse' : ''}`;
    const services = { ...installation.services, mongodb: { ...installation.services.mongodb, database: id } };
    const store = await openStore(services.mongodb);
    const workers: RunningWorkers = await runWorkers({
      ...{ services, roles: ROLES, store, bundle: workflowBundle, clients: outsideClients({}) },
    });
    try {
      const live = await acceptAll(`LIVE_${id}`, ['ZTF_PUB', 'ZTF_PRIV']);
      const open = await acceptAll(`PUBLIC_${id}`, ['ZTF_PUB']);
      for (const channel of [live, open]) await startChannel({ ...installation, store }, channel);
      const paths = await inOrder(name, join(folder, id), inReverse);
      await runStream(installation, id, paths, 50);
      await check(store);
      for (const channel of [live, open]) {
        await installation.client.workflow.getHandle(`channel/${channel.name}`).terminate();
      }
      for await (const { workflowId } of installation.client.workflow.list({
        query: 'WorkflowType="transient" AND ExecutionStatus="Running"',
      })) {
        await installation.client.workflow.getHandle(workflowId).terminate();
      }
    } finally {
      await workers.stop();
      await store.close();
    }
  }

  it.each(Object.keys(oracle.sets))('gives the stocks, datapoints, states and summaries of %s', async (name) => {
    const set = setOf(oracle, name);
    await ingest(name, false, async (store) => {
      expect(await store.stocks.countDocuments()).toBe(set.documents.stock);
      // AMPEL leaves the forced photometry in alerts aside.
      expect(await store.datapoints.countDocuments({ kind: { $ne: 'forced' } })).toBe(set.documents.t0);
      const live = await statesByAlert(store, 'LIVE');
      expect(live).toEqual(
        Object.fromEntries(set.alerts.map(({ candid, stock, link }) => [candid, `${stock}:${link}`])),
      );
      expect(await store.states.countDocuments({ channels: /^LIVE/ })).toBe(set.documents.t1);
      expect(await store.results.countDocuments({ channels: /^LIVE/, code: 0 })).toBe(set.documents.t2);
      for (const { stock, link, n, dps } of set.alerts) {
        const state = await store.states.findOne({ _id: `${stock}:${link}` });
        expect(state?.datapoints).toHaveLength(n);
        if (dps !== undefined) expect(state?.datapoints).toEqual(dps);
      }
      // An alert that is itself private is not shown to a public channel at all; AMPEL shows it without the private points.
      const open = await statesByAlert(store, 'PUBLIC');
      for (const { candid, stock, state_public } of set.alerts) {
        if (candid in open) expect(open[candid]).toBe(`${stock}:${state_public}`);
      }
      await compareDatapoints(store, set);
      await compareSummaries(store, set);
    });
  });

  it.each(Object.keys(oracle.sets).filter((name) => setOf(oracle, name).reverse_order))(
    'gives the states of %s when the newest alert comes first',
    async (name) => {
      const expected = setOf(oracle, name).reverse_order;
      await ingest(name, true, async (store) => {
        const live = await statesByAlert(store, 'LIVE');
        for (const { candid, states } of expected?.alerts ?? []) {
          expect(live[candid]?.split(':')[1]).toBe(String(states[0]?.[0]));
        }
        expect(await store.datapoints.countDocuments()).toBe(expected?.documents.t0);
        expect(await store.states.countDocuments({ channels: /^LIVE/ })).toBe(expected?.documents.t1);
      });
    },
  );
});

function setOf(oracle: Oracle, name: string): OracleSet {
  const set = oracle.sets[name];
  if (set === undefined) throw new Error(`the oracle has no set ${name}`);
  return set;
}

async function acceptAll(name: string, access: readonly string[]): Promise<Channel> {
  const channel = await benchChannel(name.toUpperCase().slice(0, 64), OPEN_CUTS);
  const { name: unit, version } = (await loadRegistry()).filter('AcceptAllFilter');
  return { ...channel, access, t0: { ztf: { unit, version, config: {}, configHash: contentHash({}) } } };
}

/** `<stock>:<link>` of the state that each alert led to in the channel whose name begins so. */
async function statesByAlert(store: Store, channel: string): Promise<Record<string, string>> {
  const entries = await store.journal
    .find({ tier: 't0', outcome: 'accepted', channel: { $regex: `^${channel}` } })
    .toArray();
  return Object.fromEntries(entries.map(({ alertId, stock, link }) => [alertId, `${stock}:${link ?? ''}`]));
}

async function compareDatapoints(store: Store, { datapoints = {} }: OracleSet): Promise<void> {
  for (const [id, { o, tag, jd }] of Object.entries(datapoints)) {
    const stored = await store.datapoints.findOne({ _id: `ztf:${id}` });
    expect({ objects: stored?.objects, tags: stored?.tags, jd: stored?.jd }).toEqual({
      objects: [o].flat(),
      tags: tag,
      jd,
    });
  }
}

async function compareSummaries(store: Store, { t2_bodies = {} }: OracleSet): Promise<void> {
  for (const [key, { body }] of Object.entries(t2_bodies)) {
    const [stock = '', link = ''] = key.split(':');
    const stored = await store.results.findOne({ stock, link, unit: 'T2LightCurveSummary' });
    expect(stored?.body).toEqual(body);
  }
}

/** The alerts of a set as files whose names sort by Julian date and candid, or the other way round. */
async function inOrder(name: string, prefix: string, inReverse: boolean): Promise<string[]> {
  const schemas = new SchemaCache();
  const alerts: { jd: number; alertId: string; bytes: Buffer }[] = [];
  for await (const bytes of containersOf(join(sharedData, name))) {
    for (const item of containerItems(bytes, schemas)) {
      if ('problem' in item) throw item.problem;
      const { jd, alertId } = ztf.readAlert({ partition: 'archive', offset: 0, place: name, ...item });
      alerts.push({ jd, alertId, bytes });
    }
  }
  alerts.sort((a, b) => a.jd - b.jd || (BigInt(a.alertId) < BigInt(b.alertId) ? -1 : 1));
  if (inReverse) alerts.reverse();
  return Promise.all(
    alerts.map(async ({ bytes }, i) => {
      const path = `${prefix}-${String(i).padStart(4, '0')}.avro`;
      await writeFile(path, bytes);
      return path;
    }),
  );
}

async function* containersOf(path: string): AsyncGenerator<Buffer> {
  if (path.endsWith('.avro')) {
    yield readFileSync(path);
    return;
  }
  const entries = extract();
  createReadStream(path).pipe(createGunzip()).pipe(entries);
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type === 'file' && chunks.length > 0) yield Buffer.concat(chunks);
  }
}
