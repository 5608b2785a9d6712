import { Context } from '@temporalio/activity';
import type { StreamProgress, StreamRequest } from '../model/stream.js';
import { alertFormat } from '../streams/alert-format.js';
import type { Format } from '../streams/format.js';
import { noticeFormat } from '../streams/notice-format.js';
import { numberedSchemas } from '../streams/numbered-schemas.js';
import type { PacketOf } from '../streams/packet.js';
import { NOTICES } from '../streams/surveys.js';
import { AlertIntake, type IngestDeps } from './alert-intake.js';
import type { Intake } from './intake.js';
import { noteInStream } from './note-in-stream.js';
import { NoticeIntake } from './notice-intake.js';
import { openStream } from './open-stream.js';
import { Reading } from './reading.js';
import { openTransport } from './transport.js';

/** Also while a server is away: the reader lives, and its own time-outs tell of the server. */
const HEARTBEAT_MS = 3_000;

/**
 * Reads a stream, or the partitions of it that are this reader's, from where they were acknowledged last. A batch is
 * acknowledged after its receipt is written and all its signals are accepted; a batch that was interrupted is read again
 * and changes nothing twice. Ends where the input does.
 */
export async function consume(deps: IngestDeps, request: StreamRequest, reader = 0): Promise<StreamProgress> {
  await openStream(deps.store, request);
  const { name, survey, schemas } = request;
  if (survey === NOTICES) return read(deps, request, reader, noticeFormat, new NoticeIntake(deps.store, name));
  const numbered = schemas === undefined ? undefined : await numberedSchemas(schemas);
  return read(deps, request, reader, alertFormat(numbered), new AlertIntake(deps, request));
}

async function read<Content extends object>(
  deps: IngestDeps,
  request: StreamRequest,
  index: number,
  format: Format<Content>,
  intake: Intake<PacketOf<Content>>,
): Promise<StreamProgress> {
  const { cancellationSignal } = Context.current();
  const reading = new Reading(deps, request, intake);
  const beat = setInterval(() => {
    reading.beat();
  }, HEARTBEAT_MS);
  try {
    const transport = await openTransport(request, format, {
      owner: reading,
      index,
      secret: (name) => deps.clients.secret(name),
      onNotice: (notice) => {
        noteInStream(deps.store, request.name, notice);
      },
    });
    // A transport that waits for the next packet would not look.
    cancellationSignal.addEventListener('abort', () => void transport.close());
    try {
      reading.acknowledge = (partition, offset) => transport.acknowledge(partition, offset);
      for await (const delivery of transport.deliveries()) await reading.take(delivery);
      cancellationSignal.throwIfAborted();
      return await reading.end();
    } finally {
      // Whatever stopped the reading, the batch under way is finished first.
      await reading.written();
      await transport.close();
    }
  } finally {
    clearInterval(beat);
  }
}
