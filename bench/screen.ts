import { ARCHIVE_PARTITION } from '../model/stream.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Follows } from '../activities/follows.js';
import { persistReceipt } from '../activities/persist-receipt.js';
import { Screen, type BatchInWork } from '../activities/screen.js';
import type { Store } from '../store/store.js';
import { readPackets } from '../streams/archive/archive.js';
import { alertFormat } from '../streams/alert-format.js';
import { readContainerBlocks, readContainerHeader } from '../streams/avro/object-container.js';
import { SchemaCache } from '../streams/avro/schema-cache.js';
import type { Selection } from '../streams/avro/writer-schema.js';
import type { BadPacket, Packet } from '../streams/packet.js';
import { ztf } from '../streams/ztf/survey.js';
import { loadRegistry } from '../units/registry.js';
import { install } from './installation.js';
import { realContainers, writeTar } from './real-packets.js';
import { readyRejecting } from './rejecting-channels.js';

const WARM_UP = 3;
const ROUNDS = 7;
const BATCH = 1000;
/** Alerts of one round: enough to see the steady state, the same real packets over and over. */
const ALERTS_A_ROUND = 12_000;

/** Rates in alerts/s of this process's CPU time, medians of the rounds. */
export interface ScreenResult {
  readonly packets: number;
  readonly meanBytes: number;
  /** Packets in memory, receipts written. */
  readonly oneChannel: number;
  readonly tenChannels: number;
  /** Ten channels, from a tar in the page cache. */
  readonly fromTar: number;
  /** Decoding the same fields with avsc and nothing else. */
  readonly bareDecode: number;
  readonly shareOfBare: number;
  /** Time for ten channels over time for one. */
  readonly tenToOne: number;
}

/**
 * Decode of the fields needed, ten DecentFilters that reject everything (the cuts of HU_RAPID, each a little different),
 * receipts written to a MongoDB, on real ZTF alerts; beside it the bare decode of the same fields, in turns.
 */
export async function screen(report: (line: string) => void): Promise<ScreenResult> {
  const containers = await realContainers();
  const repeats = Math.ceil(ALERTS_A_ROUND / containers.length);
  const registry = await loadRegistry();
  const channels = await readyRejecting(registry, 10);
  const folder = await mkdtemp(join(tmpdir(), 'ampel-screen-'));
  const installation = await install();
  try {
    const tar = join(folder, 'night.tar');
    await writeTar(tar, containers, repeats);
    const { store } = installation;
    let round = 0;
    const screened = (channelCount: number, packets: () => Packets) => async (): Promise<number> => {
      const stream = `bench${++round}`;
      const one = new Screen(ztf, channels.slice(0, channelCount), new Follows(stream));
      return screenAll(one, packets(), store, stream);
    };
    const rates = await inTurns(report, {
      oneChannel: screened(1, () => inMemory(containers, repeats)),
      tenChannels: screened(10, () => inMemory(containers, repeats)),
      fromTar: screened(10, () => readPackets([tar], alertFormat())),
      bareDecode: bareDecoder(containers, repeats),
    });
    const meanBytes = Math.round(containers.reduce((sum, { length }) => sum + length, 0) / containers.length);
    return {
      ...{ packets: containers.length, meanBytes, ...rates },
      shareOfBare: rates.tenChannels / rates.bareDecode,
      tenToOne: rates.oneChannel / rates.tenChannels,
    };
  } finally {
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In portions, as a transport delivers them. */
type Packets = Iterable<readonly (Packet | BadPacket)[]> | AsyncIterable<readonly (Packet | BadPacket)[]>;

/** Rates by CPU time, which a busy machine disturbs less than the clock; all sides in each round, so that it slows all alike. */
export async function inTurns<Name extends string>(
  report: (line: string) => void,
  sides: Readonly<Record<Name, () => number | Promise<number>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(sides) as Name[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const name of names) {
      const start = process.cpuUsage();
      const alerts = await sides[name]();
      const { user, system } = process.cpuUsage(start);
      if (round >= WARM_UP) rates[name].push((alerts * 1e6) / (user + system));
    }
  }
  const medians = names.map((name) => {
    const ordered = rates[name].sort((a, b) => a - b);
    const rate = Math.round(ordered[Math.floor(ordered.length / 2)] ?? 0);
    report(`${name}: ${rate} alerts/s of CPU time (${ordered.map(Math.round).join(' ')})`);
    return [name, rate];
  });
  return Object.fromEntries(medians) as Record<Name, number>;
}

/** As a reader does: one batch is written while the next is screened. */
export async function screenAll(screen: Screen, packets: Packets, store: Store, stream: string): Promise<number> {
  let read = 0;
  let writing: Promise<void> = Promise.resolve();
  const write = async (batch: BatchInWork): Promise<void> => {
    await writing;
    read += batch.alertIds.length;
    if (batch.forwarded.length > 0) throw new Error(`${batch.forwarded.length} alerts were not rejected`);
    writing = persistReceipt(store, { stream, reading: 0 }, batch);
  };
  let batch = screen.begin(ARCHIVE_PARTITION, 0);
  for await (const portion of packets) {
    for (const packet of portion) {
      screen.add(batch, packet);
      if (batch.size < BATCH) continue;
      await write(batch);
      batch = screen.begin(ARCHIVE_PARTITION, packet.offset + 1);
    }
  }
  await write(batch);
  await writing;
  return read;
}

export function* inMemory(containers: readonly Buffer[], repeats: number): Generator<(Packet | BadPacket)[]> {
  const format = alertFormat();
  let offset = 0;
  for (let i = 0; i < repeats; i++) {
    for (const container of containers) {
      const items = format.unpack(container);
      if (items instanceof Promise) throw new Error('a container has its schema with it');
      yield Array.from(items, (item) => ({ partition: ARCHIVE_PARTITION, offset: offset++, place: '', ...item }));
    }
  }
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
  ...['candid', 'jd', 'programid', 'fwhm', 'elong', 'magdiff', 'nbad', 'isdiffpos', 'ra', 'dec', 'rb', 'drb'],
  ...[
    'distpsnr1',
    'distpsnr2',
    'distpsnr3',
    'sgscore1',
    'sgscore2',
    'sgscore3',
    'jdstarthist',
    'jdendhist',
    'ssdistnr',
  ],
];
