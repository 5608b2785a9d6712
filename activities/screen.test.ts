import type { AcceptanceDocument } from '../store/documents.js';
import { rejectedRows } from '../store/rejection-rows.js';
import type { Store } from '../store/store.js';
import { containerItems } from '../streams/avro/container-records.js';
import { SchemaCache } from '../streams/avro/schema-cache.js';
import { parseWriterSchema, type Selection } from '../streams/avro/writer-schema.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import type { BadPacket, Packet, PacketPlace } from '../streams/packet.js';
import { ztf } from '../streams/ztf/survey.js';
import { brightFilter, ready, seenBeforeFilter, testChannel, testRegistry, use } from '../test/ready-channel.js';
import { CANDID, EARLIER, packetOf, type ZtfPacket } from '../test/ztf-packet.js';
import type { ReadyChannel } from './channel-revisions.js';
import { Follows } from './follows.js';
import { NightCaps } from './night-caps.js';
import { fieldsOf, Screen, type ScreenedBatch } from './screen.js';

const registry = testRegistry(brightFilter, seenBeforeFilter);
const bright = ready(testChannel('BRIGHT', use(brightFilter)), registry);
const seen = ready(testChannel('SEEN', use(seenBeforeFilter)), registry);
const all = ready(
  testChannel('ALL', use(brightFilter, { max_mag: 30 }), { access: ['ZTF_PUB', 'ZTF_PRIV'] }),
  registry,
);

const OTHER = 'ZTF18aaaaaaa';

/** An alert of an object by its magnitude, with what differs. */
function alertOf(magpsf: number, packet: ZtfPacket = {}): Packet {
  return packetOf({ ...packet, candidate: { magpsf, ...packet.candidate } });
}

function screen(
  packets: readonly (Packet | BadPacket)[],
  channels: readonly ReadyChannel[],
  follows = new Follows('NIGHT'),
  from = 100,
): ScreenedBatch {
  const one = new Screen(ztf, channels, follows);
  const batch = one.begin('archive', from);
  packets.forEach((packet, i) => {
    one.add(batch, { ...packet, offset: from + i, place: `night.tar/${i}.avro` });
  });
  return batch;
}

/** Of each channel the rejections by reason: rows of the alerts. */
function refused({ tallies }: ScreenedBatch): Record<string, number[]>[] {
  const everyRow = new Set(Array.from({ length: 100 }, (_, row) => row));
  return tallies.map(({ rejected }) => {
    const rows: Record<string, number[]> = {};
    for (const { row, why } of rejectedRows(rejected.toRows(), everyRow)) (rows[why.reason] ??= []).push(row);
    return rows;
  });
}

/** Position, channels and those of them that accepted, of each alert that went on. */
function forwarded({ forwarded: list }: ScreenedBatch): [number, string[], readonly string[]][] {
  return list.map(({ offset, channels, accepted }) => [
    offset,
    channels.map((ref) => ref.replace(/@.*/, '')),
    accepted,
  ]);
}

describe('the screen', () => {
  it('passes on what a channel accepts, with the revision that did, and tallies the rest by reason', () => {
    const batch = screen([alertOf(18), alertOf(20, { candid: '20', objectId: OTHER }), alertOf(21)], [bright]);
    expect(batch).toMatchObject({ from: 100, to: 103, bad: [], clockJd: 2458426.75 });
    expect(batch.forwarded[0]).toMatchObject({ channels: [bright.ref], alert: { alertId: CANDID }, offset: 100 });
    expect(batch.tallies).toEqual([{ ready: bright, accepted: 1, rejected: expect.anything() as unknown }]);
    expect([batch.alertIds, batch.objectIds]).toEqual([
      [CANDID, '20', CANDID],
      ['ZTF18abxhyqv', OTHER, 'ZTF18abxhyqv'],
    ]);
    expect(rejectedRows(batch.tallies[0]?.rejected.toRows() ?? [], new Set([0, 1, 2]))).toEqual([
      { row: 1, why: { reason: 'magpsf', field: 'magpsf', value: 20, limit: 19 } },
    ]);
    // The third is of an object that the channel follows by now.
    expect(forwarded(batch)).toEqual([
      [100, ['BRIGHT'], ['BRIGHT']],
      [102, ['BRIGHT'], []],
    ]);
  });

  it('decodes an alert once for all channels, and only the fields that their filters read', () => {
    const selections: Selection[] = [];
    const watched = ({ schema, ...packet }: Packet): Packet => ({
      ...packet,
      schema: {
        ...schema,
        decoder: (selection) => {
          const decode = schema.decoder(selection);
          return (buffer, offset) => {
            selections.push(selection);
            return decode(buffer, offset);
          };
        },
      },
    });
    screen([watched(alertOf(20))], [bright, seen, ready(testChannel('FAINT', use(brightFilter)), registry)]);
    expect(selections.map(({ candidate, prv_candidates }) => [candidate, prv_candidates])).toEqual([
      [
        { candid: true, jd: true, programid: true, magpsf: true },
        { candid: true, diffmaglim: true, programid: true, jd: true },
      ],
    ]);
    screen([watched(alertOf(18))], [bright, seen]);
    expect(selections.slice(1).map(({ candidate }) => typeof candidate)).toEqual(['object', 'boolean']);
  });

  it('names a field once, however many filters read it', () => {
    expect(fieldsOf([brightFilter.reads, seenBeforeFilter.reads, brightFilter.reads])).toEqual({
      candidate: ['magpsf'],
      history: ['jd', 'candid'],
    });
  });

  it('decides for each channel by itself', () => {
    const batch = screen([alertOf(20, { history: [EARLIER] }), alertOf(18, { objectId: OTHER })], [bright, seen, all]);
    expect(forwarded(batch)).toEqual([
      [100, ['SEEN', 'ALL'], ['SEEN', 'ALL']],
      [101, ['BRIGHT', 'ALL'], ['BRIGHT', 'ALL']],
    ]);
    expect(batch.tallies.map(({ accepted }) => accepted)).toEqual([1, 1, 2]);
    expect(refused(batch)).toEqual([{ magpsf: [0] }, { nDet: [1] }, {}]);
  });
});

describe('an object that a channel follows', () => {
  const followed = (stream: string, offset: number): Follows => {
    const follows = new Follows('NIGHT');
    follows.learn('ZTF18abxhyqv', 'BRIGHT', { stream, partition: 'archive', offset });
    return follows;
  };

  it('is followed by every alert from then on, in this channel only', () => {
    const batch = screen([alertOf(20)], [bright, seen], followed('NIGHT', 99));
    expect(forwarded(batch)).toEqual([[100, ['BRIGHT'], []]]);
    expect(refused(batch)).toEqual([{}, { nDet: [0] }]);
  });

  it('is not followed by an alert that came before, in the same stream', () => {
    expect(forwarded(screen([alertOf(20)], [bright], followed('NIGHT', 100)))).toEqual([]);
    expect(forwarded(screen([alertOf(20)], [bright], followed('NIGHT', 101)))).toEqual([]);
  });

  it('is followed wherever another stream accepted it', () => {
    expect(forwarded(screen([alertOf(20)], [bright], followed('YESTERDAY', 5000)))).toEqual([[100, ['BRIGHT'], []]]);
  });

  it('gives the same batch when the batch is read again, though it knows by then what was accepted later', () => {
    const packets = [alertOf(20), alertOf(18), alertOf(21), alertOf(20, { objectId: OTHER })];
    const follows = new Follows('NIGHT');
    const first = screen(packets, [bright], follows);
    const again = screen(packets, [bright], follows);
    expect(again).toEqual(first);
    expect(forwarded(again).map(([offset]) => offset)).toEqual([101, 102]);
    const at = (offset: number): PacketPlace => ({ partition: 'archive', offset, place: '' });
    expect([101, 102].map((offset) => follows.isFollowed('ZTF18abxhyqv', 'BRIGHT', at(offset)))).toEqual([false, true]);
  });
});

describe('private data', () => {
  it('are rejected for a public channel before its filter sees them', () => {
    const batch = screen([alertOf(18, { candidate: { programid: 2 } })], [bright, all]);
    expect(forwarded(batch)).toEqual([[100, ['ALL'], ['ALL']]]);
    expect(batch.tallies[0]?.rejected.toRows()).toMatchObject([
      { reason: 'access', field: 'programid', limit: null, values: [null], count: 1 },
    ]);
  });

  it('in the history count for those only who may see them', () => {
    const history = [{ ...EARLIER, programid: 2 }];
    const partner = ready(testChannel('PARTNER', use(seenBeforeFilter), { access: all.channel.access }), registry);
    expect(forwarded(screen([alertOf(18, { history })], [seen, partner]))).toEqual([[100, ['PARTNER'], ['PARTNER']]]);
  });
});

describe('what cannot be read', () => {
  const damaged: BadPacket = {
    ...{ partition: 'archive', offset: 0, place: '' },
    problem: new Unreadable('truncated', 'ends inside a block'),
    bytes: Buffer.from('Obj'),
  };

  it('becomes a dead letter with its place and disturbs no other alert', () => {
    const good = alertOf(18);
    const batch = screen(
      [good, damaged, { ...good, record: good.record.subarray(0, 50) }, alertOf(18, { objectId: OTHER })],
      [bright],
    );
    expect(batch).toMatchObject({ from: 100, to: 104, alertIds: [CANDID, CANDID] });
    expect(forwarded(batch).map(([offset]) => offset)).toEqual([100, 103]);
    expect(batch.bad.map(({ offset, place, problem }) => [offset, place, problem.kind])).toEqual([
      [101, 'night.tar/1.avro', 'truncated'],
      [102, 'night.tar/2.avro', 'truncated'],
    ]);
    // With its schema, so that it can be read again.
    const [kept] = containerItems(batch.bad[1]?.bytes ?? Buffer.alloc(0), new SchemaCache());
    expect(kept).toMatchObject({ record: good.record.subarray(0, 50) });
  });

  it('is also an alert of another survey', () => {
    const schema = parseWriterSchema('{"type":"record","name":"lc","fields":[{"name":"MJD","type":"double"}]}');
    const { bad } = screen([{ ...alertOf(18), schema }], [bright]);
    expect(bad[0]?.problem.message).toMatch(/^records of schema "lc" \(MJD\) are no alerts of a known survey/);
  });

  it.each([
    ['a place outside the sky', { candidate: { dec: -91 } }],
    ['the name of another survey', { objectId: 'AT2018cow' }],
    ['an impossible history', { history: [{ ...EARLIER, jd: 58423.25 }] }],
  ])('counts nowhere else: an accepted alert with %s is not followed', (_, packet) => {
    const follows = new Follows('NIGHT');
    const batch = screen([alertOf(18, packet)], [seen, bright], follows);
    expect(batch).toMatchObject({ alertIds: [], forwarded: [], clockJd: 0 });
    expect(batch.bad).toHaveLength(1);
    expect(batch.tallies.map(({ accepted }) => accepted)).toEqual([0, 0]);
    expect(refused(batch)).toEqual([{}, {}]);
    expect(follows.isFollowed('ZTF18abxhyqv', 'BRIGHT', { partition: 'archive', offset: 999, place: '' })).toBe(false);
  });

  it('is not an alert that a filter fails on: that is a rejection of that channel, with the error', () => {
    const batch = screen([alertOf(13, { history: [EARLIER] }), alertOf(14, { objectId: OTHER })], [bright, seen]);
    expect(forwarded(batch)).toEqual([
      [100, ['SEEN'], ['SEEN']],
      [101, ['BRIGHT'], ['BRIGHT']],
    ]);
    expect(batch.tallies[0]?.rejected.toRows()).toMatchObject([
      { reason: 'error', count: 1, values: ['this filter has never seen 13 mag'] },
    ]);
  });
});

describe('a batch', () => {
  it('has the newest time of its alerts as its clock', () => {
    const jds = [2458427.75, 2458429.25, 2458428.75];
    expect(
      screen(
        jds.map((jd) => alertOf(20, { candidate: { jd } })),
        [bright],
      ).clockJd,
    ).toBe(2458429.25);
    expect(screen([], [bright])).toMatchObject({ from: 100, to: 100, clockJd: 0 });
  });
});

describe('the cap of a channel', () => {
  const capped = ready(testChannel('CAPPED', use(brightFilter), { maxPerNight: 2 }), registry);
  const object = (n: number, candidate = {}): Packet =>
    alertOf(17, { objectId: `ZTF18aaaaaa${'abcdefg'[n] ?? 'z'}`, candid: `6732852731150150${n}0`, candidate });

  async function screenCapped(
    packets: readonly Packet[],
    known: readonly AcceptanceDocument[],
  ): Promise<ScreenedBatch> {
    const caps = new NightCaps();
    const acceptances = { find: () => ({ toArray: () => Promise.resolve(known) }) };
    await caps.hear({ acceptances } as unknown as Store, [{ name: 'CAPPED', maxPerNight: 2, epoch: 3 }]);
    const follows = new Follows('NIGHT');
    const one = new Screen(ztf, [capped, bright], follows, undefined, caps);
    const batch = one.begin('archive', 0);
    packets.forEach((packet, offset) => {
      one.add(batch, { ...packet, offset, place: '' });
    });
    return batch;
  }

  it('refuses new objects beyond it, with the reason, and lets other channels be', async () => {
    const batch = await screenCapped([object(0), object(1), object(2), object(3)], []);
    expect(refused(batch)).toEqual([{ cap: [2, 3] }, {}]);
    expect(forwarded(batch).map(([, , accepted]) => accepted)).toEqual([
      ['CAPPED', 'BRIGHT'],
      ['CAPPED', 'BRIGHT'],
      ['BRIGHT'],
      ['BRIGHT'],
    ]);
    expect([...batch.acceptances.full.keys()]).toEqual(['CAPPED']);
    expect([...batch.acceptances.counts]).toEqual([['CAPPED/3/2018-11-04', 2]]);
  });

  it('counts once what is read again by a reader that has taken its partition over', async () => {
    const caps = new NightCaps();
    const acceptances = { find: () => ({ toArray: () => Promise.resolve([]) }) };
    const store = { acceptances } as unknown as Store;
    await caps.hear(store, [{ name: 'CAPPED', maxPerNight: 2, epoch: 3 }]);
    for (const reading of ['dropped', 'read again']) {
      if (reading === 'read again') await caps.hearAnew(store);
      const batch = new Screen(ztf, [capped], new Follows('NIGHT'), undefined, caps).begin('archive', 0);
      const one = new Screen(ztf, [capped], new Follows('NIGHT'), undefined, caps);
      [object(0), object(1)].forEach((packet, offset) => {
        one.add(batch, { ...packet, offset, place: '' });
      });
      expect([...batch.acceptances.full.keys()]).toEqual([]);
    }
  });

  it('counts what other readers accepted of the night, and not further alerts of an object', async () => {
    const known = [{ _id: 'CAPPED/3/2018-11-04', channel: 'CAPPED', epoch: 3, night: '2018-11-04', objects: 1 }];
    const again = alertOf(17, { objectId: 'ZTF18aaaaaaa', candid: '673285273115015099' });
    const batch = await screenCapped([object(0), again, object(1)], known);
    expect(refused(batch)).toEqual([{ cap: [2] }, {}]);
  });

  it('begins anew in the next night', async () => {
    const nextNight = { jd: 2458427.75 };
    const batch = await screenCapped([object(0), object(1), object(2, nextNight), object(3, nextNight)], []);
    expect(refused(batch)).toEqual([{}, {}]);
    expect(batch.acceptances.full.size).toBe(0);
  });
});
