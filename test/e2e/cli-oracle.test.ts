import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateLink } from '../../model/state-link.js';
import { jsonLines, runAmpel } from '../run-ampel.js';
import { describeWithData, sharedData } from '../shared-data.js';

/** 1 where AMPEL's filter accepted, else the cut that it logged last, with what it found. */
type Decision = 1 | Readonly<Record<string, string | number | boolean>>;

interface DecisionOracle {
  readonly header: {
    readonly columns: readonly string[];
    readonly filters: Readonly<Record<string, { readonly unit: string; readonly config: object }>>;
  };
  /** Candid, object, file and further columns. */
  readonly rows: readonly (readonly [candid: string, objectId: string, file: string, ...Decision[]])[];
}

const FILTERS = ['Decent.HU_RAPID', 'Decent.nuztf_nu', 'Decent.infant', 'Decent.kilonova', 'Decent.classification'];
/**
 * Three rows are alerts of containers that newline normalisation has damaged. The oracle's reader ignores the missing
 * byte after the record; we refuse the container. The same alerts are decided from the intact copies of that night.
 */
const DAMAGED = 'ztf/edge/newline_corrupted_7files.tar.gz';

let oracle: DecisionOracle;
let folder: string;

async function readOracle(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(sharedData, 'reference/oracles', name), 'utf8'));
}

function agrees(line: Record<string, unknown>, expected: Decision): boolean {
  if (expected === 1) return line['accepted'] === true;
  const [[reason, found] = []] = Object.entries(expected);
  if (line['accepted'] !== false || line['reason'] !== reason) return false;
  if (reason === 'missing') return line['field'] === found;
  if (typeof found !== 'number') return line['value'] === found;
  return Math.abs(Number(line['value']) - found) <= 1e-9 * Math.max(1, Math.abs(found));
}

/** Lines that AMPEL's decisions on that alert have no counterpart for, and decisions without a line. */
function differences(lines: readonly Record<string, unknown>[], filter: string): unknown[] {
  const column = oracle.header.columns.indexOf(filter);
  const rows = oracle.rows.filter(([, , file]) => !file.startsWith(DAMAGED));
  const left = [...lines];
  const unmatched = rows.filter((row) => {
    // One alert may come in several files, re-issued under other schemas.
    const [candid, objectId] = row;
    const decision = row[column] as Decision;
    const index = left.findIndex(
      (line) => line['alertId'] === candid && line['objectId'] === objectId && agrees(line, decision),
    );
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [...unmatched.map((row) => [...row.slice(0, 3), row[column]]), ...left];
}

describeWithData("AMPEL's own decisions", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ampel-oracle-'));
    oracle = (await readOracle('ampel_decisions_shared.json')) as DecisionOracle;
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('include the alerts of damaged containers, which are refused here, from intact ones too', () => {
    const isDamaged = ([, , file]: DecisionOracle['rows'][number]): boolean => file.startsWith(DAMAGED);
    const intact = new Set(oracle.rows.filter((row) => !isDamaged(row)).map(([candid]) => candid));
    const damaged = oracle.rows.filter(isDamaged).map(([candid]) => candid);
    expect(damaged).toHaveLength(3);
    expect(damaged.filter((candid) => !intact.has(candid))).toEqual([]);
  });

  it.each(FILTERS)('%s: unit run DecentFilter rejects by the same cut and value', async (filter) => {
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify(oracle.header.filters[filter]?.config));
    const args = ['unit', 'run', 'DecentFilter', '--config', config, '--input', join(sharedData, 'ztf'), '--json'];
    const lines = jsonLines(await runAmpel(args));
    expect(lines).toHaveLength(oracle.rows.length - 3);
    expect(differences(lines, filter)).toEqual([]);
  });

  it.each(FILTERS)('%s: a channel with that filter does so too', async (filter) => {
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
