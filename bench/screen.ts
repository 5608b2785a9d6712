import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { readyChannel } from '../activities/channel-revisions.js';
import { Follows } from '../activities/follows.js';
import { Screen } from '../activities/screen.js';
import { readArchive } from '../streams/archive/archive.js';
import { containerItems } from '../streams/avro/container-records.js';
import { CONTAINER_MAGIC, readContainerBlocks, readContainerHeader } from '../streams/avro/object-container.js';
import type { Selection } from '../streams/avro/writer-schema.js';
import { SchemaCache } from '../streams/avro/schema-cache.js';
import { ztf } from '../streams/ztf/survey.js';
import { loadRegistry } from '../units/registry.js';
import { benchChannel, HU_RAPID_CUTS } from './installation.js';

const WARM_UP = 3;
const ROUNDS = 7;
const BATCH = 500;
/** Alerts of one round: enough to see the steady state, the same real packets over and over. */
const ALERTS_A_ROUND = 12_000;

export interface ScreenResult {
  readonly packets: number;
  readonly meanBytes: number;
  /** Alerts/s on one core, median of the rounds. */
  readonly inMemory: number;
  readonly fromTar: number;
  /** Decoding the same fields with avsc and nothing else. */
  readonly bareDecode: number;
  readonly shareOfBare: number;
}

/**
 * Decode of the fields needed and DecentFilter with the cuts of HU_RAPID, on real ZTF alerts: packets in memory, and from
 * a tar in the page cache; beside it the bare decode of the same fields. `AMPEL_DATA` names the folder with real alerts.
 */
export async function screen(report: (line: string) => void): Promise<ScreenResult> {
  const containers = await realContainers();
  const registry = await loadRegistry();
  const ready = readyChannel({ channel: await benchChannel('SCREEN', HU_RAPID_CUTS), hash: '0'.repeat(64) }, registry);
  const once = (): Screen => new Screen(ztf, [ready], registry, new Follows('bench'));
  const repeats = Math.ceil(ALERTS_A_ROUND / containers.length);
  const inMemory = await median('in memory', report, () => screenInMemory(once(), containers, repeats));
  const bareDecode = await median('bare decode', report, bareDecoder(containers, repeats));
  const folder = await mkdtemp(join(tmpdir(), 'ampel-screen-'));
  try {
    const tar = join(folder, 'night.tar');
    await writeTar(tar, containers, repeats);
    const fromTar = await median('from a tar', report, () => screenTar(once(), tar));
    const meanBytes = Math.round(containers.reduce((sum, { length }) => sum + length, 0) / containers.length);
    return { packets: containers.length, meanBytes, inMemory, fromTar, bareDecode, shareOfBare: inMemory / bareDecode };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rate by CPU time, which a busy machine disturbs less than the clock; one core does all the work here. */
async function median(
  name: string,
  report: (line: string) => void,
  round: () => number | Promise<number>,
): Promise<number> {
  const rates: number[] = [];
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    const start = process.cpuUsage();
    const alerts = await round();
    const { user, system } = process.cpuUsage(start);
    if (i >= WARM_UP) rates.push((alerts * 1e6) / (user + system));
  }
  rates.sort((a, b) => a - b);
  const rate = Math.round(rates[Math.floor(rates.length / 2)] ?? 0);
  report(`${name}: ${rate} alerts/s of CPU time`);
  return rate;
}

function screenInMemory(screen: Screen, containers: readonly Buffer[], repeats: number): number {
  const schemas = new SchemaCache();
  let read = 0;
  let offset = 0;
  for (let i = 0; i < repeats; i++) {
    const batch = screen.begin('archive', offset);
    for (const container of containers) {
      for (const item of containerItems(container, schemas))
        screen.add(batch, { partition: 'archive', offset: offset++, place: '', ...item });
    }
    read += batch.alertIds.length;
  }
  return read;
}

async function screenTar(screen: Screen, tar: string): Promise<number> {
  let read = 0;
  let batch = screen.begin('archive', 0);
  for await (const packet of readArchive([tar])) {
    screen.add(batch, packet);
    if (batch.size < BATCH) continue;
    read += batch.alertIds.length;
    batch = screen.begin('archive', packet.offset + 1);
  }
  return read + batch.alertIds.length;
}

/** avsc with a reader schema of the fields that the screen asks for, on records that are already cut out. */
function bareDecoder(containers: readonly Buffer[], repeats: number): () => number {
  const schemas = new SchemaCache();
  const selection: Selection = {
    ...{ objectId: true, candid: true, prv_candidates: { jd: true, candid: true, diffmaglim: true, programid: true } },
    candidate: Object.fromEntries(CANDIDATE_FIELDS.map((name) => [name, true as const])),
  };
  const records = containers.flatMap((container) => {
    const header = readContainerHeader(container);
    const decode = schemas.get(header.schema).decoder(selection);
    return [...readContainerBlocks(container, header)].map(({ records: record }) => ({ decode, record }));
  });
  return () => {
    for (let i = 0; i < repeats; i++) for (const { decode, record } of records) decode(record, 0);
    return records.length * repeats;
  };
}

const CANDIDATE_FIELDS = [
  ...[
    'candid',
    'jd',
    'programid',
    'fwhm',
    'elong',
    'magdiff',
    'nbad',
    'isdiffpos',
    'ra',
    'dec',
    'rb',
    'drb',
    'ssdistnr',
  ],
  ...['distpsnr1', 'distpsnr2', 'distpsnr3', 'sgscore1', 'sgscore2', 'sgscore3', 'jdstarthist', 'jdendhist'],
];

async function writeTar(path: string, containers: readonly Buffer[], repeats: number): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path));
  for (let i = 0; i < repeats; i++) {
    for (const [n, container] of containers.entries()) {
      await new Promise<void>((done) =>
        tar.entry({ name: `${i}-${n}.avro` }, container, () => {
          done();
        }),
      );
    }
  }
  tar.finalize();
  await written;
}

/** The containers of the real nights, as files. */
async function realContainers(): Promise<Buffer[]> {
  const folder = join(process.env['AMPEL_DATA'] ?? '../shared/data', 'ztf/nights');
  const containers: Buffer[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.tar.gz')).sort()) {
    const entries = extract();
    createReadStream(join(folder, name)).pipe(createGunzip()).pipe(entries);
    for await (const entry of entries) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      const content = Buffer.concat(chunks);
      if (content.subarray(0, 4).equals(CONTAINER_MAGIC)) containers.push(content);
    }
  }
  return containers;
}
