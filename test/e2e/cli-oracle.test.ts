import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '../../model/decision.js';
import { stateLink } from '../../model/state-link.js';
import { DAMAGED, isDecisionOfAmpel, readDecisionOracle, type DecisionOracle } from '../ampel-decisions.js';
import { jsonLines, runAmpel } from '../run-ampel.js';
import { describeWithData, sharedData } from '../shared-data.js';

/** One configuration of each of AMPEL's filters; `units/t0/ampel-decisions.test.ts` has them all. */
const FILTERS = [
  ...['Decent.HU_RAPID', 'Multi.bright_twice', 'Rcf.slsn', 'SimpleDecent.fast', 'XShooter.infant'],
  ...['Predetection.S190426c', 'Stellar.outburst', 'Nuclear.TDE_RANKING'],
];
const CHANNELS = ['Decent.kilonova', 'Rcf.fritz', 'XShooter.infant'];

let oracle: DecisionOracle;
let folder: string;

async function readOracle(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(sharedData, 'reference/oracles', name), 'utf8'));
}

function isDamaged([, , file]: DecisionOracle['rows'][number]): boolean {
  return String(file).startsWith(DAMAGED);
}

/** Lines that AMPEL's decisions on that alert have no counterpart for, and decisions without a line. */
function differences(lines: readonly Record<string, unknown>[], filter: string): unknown[] {
  const column = oracle.header.columns.indexOf(filter);
  const { unit = '' } = oracle.header.filters[filter] ?? {};
  const rows = oracle.rows.filter((row) => !isDamaged(row));
  const left = [...lines];
  const unmatched = rows.filter((row) => {
    // One alert may come in several files, re-issued under other schemas.
    const [candid, objectId] = row;
    const index = left.findIndex(
      (line) =>
        line['alertId'] === candid &&
        line['objectId'] === objectId &&
        isDecisionOfAmpel(line as unknown as Verdict, unit, row[column]),
    );
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [...unmatched.map((row) => [...row.slice(0, 3), row[column]]), ...left];
}

describeWithData("AMPEL's own decisions", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ampel-oracle-'));
    oracle = readDecisionOracle();
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('include the alerts of damaged containers, which are refused here, from intact ones too', () => {
    const intact = new Set(oracle.rows.filter((row) => !isDamaged(row)).map(([candid]) => candid));
    const damaged = oracle.rows.filter(isDamaged).map(([candid]) => candid);
    expect(damaged).toHaveLength(3);
    expect(damaged.filter((candid) => !intact.has(candid))).toEqual([]);
  });

  it.each(FILTERS)('%s: unit run rejects by the same cut and value', async (filter) => {
    const { unit, config: cuts } = oracle.header.filters[filter] ?? { unit: '' };
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify(cuts));
    const args = ['unit', 'run', unit, '--config', config, '--input', join(sharedData, 'ztf'), '--json'];
    const lines = jsonLines(await runAmpel(args));
    expect(lines).toHaveLength(oracle.rows.length - 3);
    expect(differences(lines, filter)).toEqual([]);
  });

  it.each(CHANNELS)('%s: a channel with that filter does so too', async (filter) => {
    const { unit, config } = oracle.header.filters[filter] ?? {};
    const channel = { name: 'TRIAL', version: '1.0.0', stream: 'ztf', access: ['ZTF_PUB', 'ZTF_PRIV'] };
    const file = join(folder, 'TRIAL.yaml');
    await writeFile(file, JSON.stringify({ ...channel, t0: { unit, config } }));
    const lines = jsonLines(await runAmpel(['channel', 'try', file, '--from', join(sharedData, 'ztf'), '--json']));
    expect(lines).toHaveLength(oracle.rows.length - 3);
    expect(differences(lines, filter)).toEqual([]);
  });
});

interface IngestedAlert {
  readonly candid: string;
  readonly objectId: string;
  readonly stock: number;
  /** State of all that is known by then, superseded points left out. */
  readonly link: number;
  /** State of all points of this alert, superseded ones included. */
  readonly state_alert_only: number;
  readonly inserted_ids?: readonly string[];
  readonly dps?: readonly string[];
}

interface IngestOracle {
  readonly sets: Readonly<
    Record<
      string,
      {
        readonly alerts: readonly IngestedAlert[];
        readonly datapoints?: Readonly<Record<string, { readonly jd: number; readonly tag: readonly string[] }>>;
      }
    >
  >;
}

interface Inspected {
  readonly alertId: string;
  readonly objectId: string;
  readonly stock: string;
  readonly state: string;
  readonly datapoints: readonly { id: string; kind: string; jd: number; band: string; tags: string[] }[];
}

const SETS = [
  'ztf/nights/20180601_v1.8_15alerts.tar.gz',
  'ztf/nights/20180626_v1.8_skyportal.tar.gz',
  'ztf/nights/20180819_v3.0_30alerts.tar.gz',
  'ztf/nights/20200101_v3.3_fink_50alerts.tar.gz',
  'ztf/nights/20231012_v4.01_kowalski_24alerts.tar.gz',
  'ztf/nights/2024_v4.02_13alerts.tar.gz',
  'ztf/series/ZTF18abxhyqv_AT2018luk_4alerts.tar.gz',
  'ztf/series/ZTF18acruwxq_superseded_3alerts.tar.gz',
  'ztf/series/ZTF20abyfpze_one_alert.avro',
  'ztf/series/ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz',
];

function sorted(ids: readonly string[]): string[] {
  return [...ids].sort();
}

describeWithData("AMPEL's own identities", () => {
  it.each(SETS)('are those of ampel inspect for %s', async (set) => {
    const { sets } = (await readOracle('ampel_ingest_shared.json')) as IngestOracle;
    const { alerts = [], datapoints = {} } = sets[set] ?? {};
    const run = await runAmpel(['inspect', join(sharedData, set), '--json']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const inspected = new Map(jsonLines(run).map((line) => [line['alertId'], line as unknown as Inspected] as const));
    expect(inspected.size).toBe(alerts.length);
    const objects = new Set<string>();
    for (const { candid, objectId, stock, link, state_alert_only, inserted_ids, dps } of alerts) {
      const found = inspected.get(candid);
      // AMPEL leaves the forced photometry in alerts aside.
      const points = (found?.datapoints ?? []).filter(({ kind }) => kind !== 'forced');
      const ids = points.map(({ id }) => id);
      expect(found).toMatchObject({ objectId, stock: String(stock) });
      expect(stateLink(ids)).toBe(state_alert_only);
      for (const { id, jd, tags } of points) {
        const stored = datapoints[id];
        if (stored !== undefined) expect({ jd, tags }).toEqual({ jd: stored.jd, tags: stored.tag });
      }
      // The first alert of an object meets an empty store, as inspect does with each.
      if (objects.has(objectId)) continue;
      objects.add(objectId);
      expect(found?.state).toBe(String(link));
      if (inserted_ids !== undefined) expect(sorted(ids)).toEqual(sorted(inserted_ids));
      if (dps !== undefined) expect(stateLink(dps)).toBe(Number(found?.state));
    }
  });
});
