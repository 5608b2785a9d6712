import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { pack } from 'tar-stream';
import {
  benchChannel,
  install,
  OPEN_CUTS,
  runStream,
  startChannel,
  type Installation,
} from '../../bench/installation.js';
import type { StreamProgress } from '../../model/stream.js';
import { ztf } from '../../streams/ztf/survey.js';
import { acceptAllFilter } from '../../units/t0/accept-all-filter.js';
import { outsideClients } from '../../worker/clients.js';
import { quietRuntime, ROLES, runWorkers, type RunningWorkers } from '../../worker/run-workers.js';
import { takeSnapshot, type Snapshot } from '../kill/snapshot.js';
import { use } from '../ready-channel.js';
import { workflowBundle } from '../workflow-bundle.js';
import { CANDIDATE, LIMIT, packetOf, ztfContainer, type Values, type ZtfPacket } from '../ztf-packet.js';
import { BAD_FILES } from './bad-packets.js';

const FIRST_JD = Number(CANDIDATE['jd']);
/** Objects with their nights in the order in which the alerts come. */
const NIGHTS = { ZTF18aaaaaaa: [2, 0, 3, 1], ZTF18aaaaaab: [3, 2, 1, 0], ZTF18aaaaaac: [0, 1, 2, 3] };

/** The measurement of an object in a night. */
function measurement(objectId: string, night: number): Values {
  const candid = `67${night}285273115${Object.keys(NIGHTS).indexOf(objectId)}15035`;
  return { ...CANDIDATE, jd: FIRST_JD + night, candid, magpsf: 18 + night / 4 };
}

/** The alert of an object in a night: it tells of a limit and of the night before. */
function alertOf(objectId: string, night: number): ZtfPacket {
  const candidate = measurement(objectId, night);
  const before = night === 0 ? [] : [measurement(objectId, night - 1)];
  const limit = { ...LIMIT, jd: FIRST_JD - 5 + night };
  return { objectId, candid: String(candidate['candid']), candidate, history: [limit, ...before] };
}

/** Odd, but alerts: at the pole, and with numbers that JSON cannot hold. */
const ODD: readonly ZtfPacket[] = [
  { objectId: 'ZTF18aaaaaad', candid: '101', candidate: { ra: 360, dec: 90 } },
  { objectId: 'ZTF18aaaaaae', candid: '102', candidate: { ra: 0, dec: -90 }, history: null },
  { objectId: 'ZTF18aaaaaaf', candid: '103', candidate: { magpsf: NaN, sgscore1: Infinity, rb: null } },
];

const GOOD: readonly ZtfPacket[] = [
  ...[0, 1, 2, 3].flatMap((i) => Object.entries(NIGHTS).map(([objectId, nights]) => alertOf(objectId, nights[i] ?? 0))),
  ...ODD,
];

const FIRST = GOOD[0] ?? {};
/** One came at once again and once more at the end, another long after it. */
const DELIVERED: readonly ZtfPacket[] = [FIRST, ...GOOD, GOOD[4] ?? {}, FIRST];
/** Whole, and followed by a line break. */
const LAST: ZtfPacket = { objectId: 'ZTF18aaaaaag', candid: '104' };
const LINE_BREAK = Buffer.from('\n');
/** An object whose packet has the id of another object's alert, which came long before. */
const CLAIM: ZtfPacket = { objectId: 'ZTF18aaaaaah', candid: FIRST.candid ?? '', candidate: { ra: 10, dec: 10 } };

interface InputFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Good and bad files in turns; the number in the name is the offset. */
function inputFiles(): InputFile[] {
  const alerts = DELIVERED.map((packet) => ({ what: 'alert', bytes: ztfContainer(packet) }));
  const rows = Math.max(alerts.length, BAD_FILES.length);
  const mixed = Array.from({ length: rows }, (_, i) => [alerts[i], BAD_FILES[i]].filter((one) => one !== undefined));
  const last = { what: 'last', bytes: Buffer.concat([ztfContainer(LAST), LINE_BREAK]) };
  const claim = { what: 'claim', bytes: ztfContainer(CLAIM) };
  return [...mixed.flat(), claim, last].map(({ what, bytes }, i) => ({
    name: `${String(i).padStart(3, '0')}-${what}.avro`,
    bytes,
  }));
}

describe('a night of good and bad packets', () => {
  const files = inputFiles();
  const alerts = [...GOOD, LAST];
  let installation: Installation;
  let workers: RunningWorkers;
  let folder: string;
  let progress: StreamProgress;

  beforeAll(async () => {
    quietRuntime();
    installation = await install();
    const { services, store } = installation;
    workers = await runWorkers({
      ...{ services, roles: ROLES, store, bundle: workflowBundle, clients: outsideClients({}) },
    });
    folder = await mkdtemp(join(tmpdir(), 'ampel-bad-input-'));
    await mkdir(join(folder, 'night'));
    for (const { name, bytes } of files) await writeFile(join(folder, 'night', name), bytes);
    const channel = { ...(await benchChannel('ALL', OPEN_CUTS)), t0: { ztf: use(acceptAllFilter) } };
    await startChannel(installation, channel);
    progress = await runStream(installation, 'night', [join(folder, 'night')], 7);
  });

  afterAll(async () => {
    await workers.stop();
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  });

  const snapshot = (): Promise<Snapshot> => takeSnapshot(installation.services.mongodb);

  it('is read to its end, and its progress counts what is bad', () => {
    // The last file is an alert and what follows it.
    expect(progress).toMatchObject({ position: files.length + 1, unreadable: BAD_FILES.length + 1, doing: 'finished' });
    // All but the one that claims another's id.
    expect(progress.forwarded).toBe(files.length - BAD_FILES.length - 1);
  });

  it('has every good alert decided on once, however often it came', async () => {
    const { store } = installation;
    const ids = alerts.map(({ candid = '' }) => candid).sort();
    const decisions = await store.journal.find({ tier: 't0' }).toArray();
    expect(decisions.map(({ alertId }) => alertId).sort()).toEqual(ids);
    expect(new Set(decisions.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    const stored = await store.alerts.find().toArray();
    expect(stored.map(({ alertId }) => alertId).sort()).toEqual(ids);
    expect(stored.filter(({ pending }) => pending === true)).toEqual([]);
    expect(stored.find(({ alertId }) => alertId === FIRST.candid)).toMatchObject({ offset: 0, sequence: 1 });
    const results = await store.results.find().toArray();
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
  });

  it('has each bad packet put aside once, with its place, what is wrong and its bytes', async () => {
    const letters = await installation.store.deadletters.find({ stream: 'night' }).sort({ offset: 1 }).toArray();
    const expected = BAD_FILES.map(({ what, kind, says, kept }) => {
      const offset = files.findIndex(({ name }) => name.endsWith(`-${what}.avro`));
      return {
        offset,
        place: join(folder, 'night', files[offset]?.name ?? ''),
        kind,
        says,
        kept: kept.toString('hex'),
      };
    });
    const [claim, last] = files.slice(-2);
    expected.push({
      offset: files.length - 2,
      place: join(folder, 'night', claim?.name ?? ''),
      kind: 'claimed-id',
      says: `${FIRST.candid} is claimed for ZTF18aaaaaah, but the alert of this id is one of ${FIRST.objectId}`,
      // Not the packet, which the reader has let go.
      kept: Buffer.from('"objectId":"ZTF18aaaaaah"').toString('hex'),
    });
    expected.push({
      offset: files.length,
      place: `${join(folder, 'night', last?.name ?? '')}#1`,
      ...{
        kind: 'trailing-bytes',
        says: '1 bytes follow the last whole block',
        kept: last?.bytes.toString('hex') ?? '',
      },
    });
    expect(letters.map(({ _id, offset, place, kind }) => ({ _id, offset, place, kind }))).toEqual(
      expected.map(({ offset, place, kind }) => ({ _id: `night:archive:${offset}`, offset, place, kind })),
    );
    // As it came, or with the schema of its record before it.
    letters.forEach(({ bytes }, i) => {
      expect(Buffer.from(bytes.value()).toString('hex')).toContain(expected[i]?.kept);
    });
    expect(letters.map(({ message }) => message)).toEqual(
      expected.map(({ says }) => expect.stringContaining(says) as string),
    );
  });

  it('leaves both objects of an id that two claim as they were: one with its alert, the other unheard of', async () => {
    const { store, client } = installation;
    const stored = await store.alerts.findOne({ alertId: FIRST.candid ?? '' });
    expect(stored).toMatchObject({ objectId: FIRST.objectId, candidate: { ra: 180, dec: 60 } });
    const { objectId: claiming = '' } = CLAIM;
    expect(await store.stocks.countDocuments({ names: claiming })).toBe(0);
    expect(await store.datapoints.countDocuments({ objects: claiming })).toBe(0);
    await expect(client.workflow.getHandle(`transient/${claiming}`).describe()).rejects.toThrow(WorkflowNotFoundError);
  });

  it('has in its receipts what it read and what it could not read', async () => {
    const receipts = await installation.store.receipts.find({ stream: 'night' }).sort({ from: 1 }).toArray();
    const sum = (count: (receipt: (typeof receipts)[number]) => number): number =>
      receipts.reduce((total, receipt) => total + count(receipt), 0);
    expect(receipts.map(({ from }) => from)).toEqual(receipts.map((_, i) => 7 * i));
    expect(receipts.at(-1)?.to).toBe(progress.position);
    expect(sum(({ unreadable }) => unreadable)).toBe(BAD_FILES.length + 1);
    expect(sum(({ read }) => read)).toBe(progress.position - progress.unreadable);
  });

  it('makes of alerts out of order the states of what had come by then, up to the time of each alert', async () => {
    const { store } = installation;
    const decisions = await store.journal.find({ tier: 't0' }).toArray();
    const known = new Map<string, Map<string, number>>();
    for (const packet of GOOD) {
      const { alertId, objectId, stock, jd, datapoints } = ztf.readAlert(packetOf(packet));
      const points = known.get(objectId) ?? new Map<string, number>();
      known.set(objectId, points);
      for (const point of datapoints) points.set(point.id, point.jd);
      const link = decisions.find((decision) => decision.alertId === alertId)?.link ?? '';
      const state = await store.states.findOne({ _id: `${stock}:${link}` });
      const upTo = [...points].filter(([, pointJd]) => pointJd <= jd).map(([id]) => id);
      expect({ alertId, datapoints: state?.datapoints }).toEqual({ alertId, datapoints: inOrderOfIds(upTo) });
    }
  });

  it('adds nothing when its stream is started again', async () => {
    const before = await snapshot();
    const again = await runStream(installation, 'night', [join(folder, 'night')], 7);
    expect(again.position).toBe(progress.position);
    expect(changes(before, await snapshot())).toEqual([]);
  });

  it('read again as a tar and under another name adds only what tells of that reading', async () => {
    const before = await snapshot();
    const path = join(folder, 'night.tar');
    const tar = pack();
    for (const { name, bytes } of files) tar.entry({ name }, bytes);
    tar.finalize();
    await pipeline(tar, createWriteStream(path));
    const again = await runStream(installation, 'again', [path], 11);
    const { position, unreadable, forwarded } = progress;
    expect(again).toMatchObject({ position, unreadable, forwarded });
    const changed = changes(before, await snapshot());
    const batches = Math.ceil(position / 11);
    const expected = [
      // And the claimed id.
      ...Array.from({ length: unreadable + 1 }, () => 'deadletters again:'),
      'positions again:',
      // A batch of nothing but bad packets has no ids to be found by.
      ...Array.from({ length: batches }, () => [
        'receiptFilters again:',
        'receipts again:',
        'screenings again:',
      ]).flat(),
      'streams again',
    ].sort();
    expect(changed.map((one) => one.replace(/:.*/, ':')).sort()).toEqual(expected);
  });
});

function inOrderOfIds(ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

/** `collection id` of every document that is new, gone or different. */
function changes(before: Snapshot, after: Snapshot): string[] {
  return [...after.keys()].flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    const ids = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
    return ids.filter((id) => was?.get(id) !== is?.get(id)).map((id) => `${name} ${id}`);
  });
}
