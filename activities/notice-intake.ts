import { isDeepStrictEqual } from 'node:util';
import { Binary, MongoServerError } from 'mongodb';
import type { Notice } from '../model/notice.js';
import { revise, skyEventId } from '../model/sky-event.js';
import type { SkyMapDocument } from '../store/event-documents.js';
import { DUPLICATE_KEY } from '../store/group-commit.js';
import type { Store } from '../store/store.js';
import { KEPT_BYTES } from '../streams/avro/container-records.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import { readNotice, type ReadNotice } from '../streams/gcn/read-notice.js';
import type { NoticeMessage } from '../streams/notice-format.js';
import { isBad, type BadPacket, type PacketOf, type PacketPlace } from '../streams/packet.js';
import type { Intake, OpenBatch } from './intake.js';
import { persistDeadLetters } from './persist-dead-letters.js';

type Message = PacketOf<NoticeMessage>;

/** Notices: each becomes a revision of its event, whatever order they come in. */
export class NoticeIntake implements Intake<Message> {
  constructor(
    private readonly store: Store,
    private readonly stream: string,
  ) {}

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  takeOver(): Promise<void> {
    return Promise.resolve();
  }

  begin(partition: string, from: number): OpenBatch<Message> {
    const { store, stream } = this;
    const read: (ReadNotice & { readonly at: PacketPlace })[] = [];
    const bad: BadPacket[] = [];
    return {
      ...{ partition, bad },
      get size(): number {
        return read.length + bad.length;
      },
      add: (message): void => {
        const outcome = isBad(message) ? message : readMessage(message);
        if ('problem' in outcome) bad.push(outcome);
        else read.push({ ...outcome, at: message });
      },
      persist: async (to) => {
        // One after the other: most notices of a batch are of one event.
        for (const { notice, skyMap, jointSkyMap, at } of read) {
          for (const map of [skyMap, jointSkyMap]) if (map !== undefined) await persistSkyMap(store, map);
          await persistNotice(store, stream, notice, at);
          await persistRevision(store, notice);
        }
        await persistDeadLetters(store, stream, bad);
        const times = read.map(({ notice }) => notice.issuedAt?.jd ?? notice.eventTime?.jd ?? 0);
        const counts = { read: read.length, unreadable: bad.length, forwarded: read.length };
        return { partition, from, to, ...counts, clockJd: Math.max(0, ...times) };
      },
    };
  }
}

function readMessage({ partition, offset, place, bytes }: Message): ReadNotice | BadPacket {
  try {
    return readNotice(bytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { partition, offset, place, problem: error, bytes: Buffer.from(bytes.subarray(0, KEPT_BYTES)) };
  }
}

async function persistSkyMap(
  store: Store,
  { sha256, mediaType, bytes }: NonNullable<ReadNotice['skyMap']>,
): Promise<void> {
  const map: Omit<SkyMapDocument, '_id'> = { mediaType, bytes: new Binary(bytes), at: new Date() };
  await store.skyMaps.updateOne({ _id: sha256 }, { $setOnInsert: map }, { upsert: true });
}

async function persistNotice(
  store: Store,
  stream: string,
  notice: Notice,
  { partition, offset }: PacketPlace,
): Promise<void> {
  const document = { ...notice, event: skyEventId(notice), stream, partition, offset, at: new Date() };
  await store.notices.updateOne({ _id: notice.noticeId }, { $setOnInsert: document }, { upsert: true });
}

/** Another reader may write the same event: whoever comes second begins with what the first has left. */
async function persistRevision(store: Store, notice: Notice): Promise<void> {
  const _id = skyEventId(notice);
  for (;;) {
    const found = await store.events.findOne({ _id });
    const event = revise(found?.event, notice);
    // Known already: a repeated notice leaves no trace.
    if (found !== null && isDeepStrictEqual(event, found.event)) return;
    const next = { event, version: (found?.version ?? 0) + 1, at: new Date() };
    if (found === null) {
      try {
        await store.events.insertOne({ _id, ...next });
        return;
      } catch (error) {
        if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
        continue;
      }
    }
    const { matchedCount } = await store.events.replaceOne({ _id, version: found.version }, next);
    if (matchedCount === 1) return;
  }
}
