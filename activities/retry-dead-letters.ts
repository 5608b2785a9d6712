import { Context } from '@temporalio/activity';
import type { RetriedLetter } from '../model/stream.js';
import type { DeadLetterDocument, StreamDocument } from '../store/documents.js';
import { alertFormat } from '../streams/alert-format.js';
import { KEPT_BYTES } from '../streams/avro/container-records.js';
import type { Format } from '../streams/format.js';
import { noticeFormat } from '../streams/notice-format.js';
import { numberedSchemas } from '../streams/numbered-schemas.js';
import type { PacketOf } from '../streams/packet.js';
import { NOTICES } from '../streams/surveys.js';
import { AlertIntake, type IngestDeps } from './alert-intake.js';
import type { Intake } from './intake.js';
import { NoticeIntake } from './notice-intake.js';

/** Their receipts are apart from those of the readings, which count from 0. */
const RETRIED = -1;

/** Reads dead letters again, each for its stream and the channels that are active now. Letters that are gone are left out. */
export async function retryDeadLetters(deps: IngestDeps, ids: readonly string[]): Promise<RetriedLetter[]> {
  const { store } = deps;
  const letters = await store.deadletters.find({ _id: { $in: [...ids] } }).toArray();
  const retried: RetriedLetter[] = [];
  for (const letter of letters) {
    const stream = await store.streams.findOne({ _id: letter.stream });
    const problem = stream === null ? `stream ${letter.stream} is gone` : await problemOf(deps, stream, letter);
    await note(deps, letter, problem);
    const { _id: id } = letter;
    retried.push(problem === undefined ? { id, isRead: true } : { id, isRead: false, message: problem });
    Context.current().heartbeat(retried.length);
  }
  return retried;
}

async function problemOf(
  deps: IngestDeps,
  { _id: name, survey, source, schemas, clock }: StreamDocument,
  letter: DeadLetterDocument,
): Promise<string | undefined> {
  if (letter.bytes.length() >= KEPT_BYTES) return `only the first ${KEPT_BYTES} bytes were kept`;
  // It was read, and whoever came first keeps the id.
  if (letter.kind === 'claimed-id') return letter.message;
  if (survey === NOTICES) return readAgain(letter, noticeFormat, new NoticeIntake(deps.store, name));
  const numbered = schemas === undefined ? undefined : await numberedSchemas(schemas);
  const intake = new AlertIntake(deps, { name, survey, source, clock, batchSize: 1 });
  return readAgain(letter, alertFormat(numbered), intake);
}

/** Undefined where all of the letter could be read and has had its effects; else what is wrong with it. */
async function readAgain<Content extends object>(
  { partition, offset, place, bytes }: DeadLetterDocument,
  format: Format<Content>,
  intake: Intake<PacketOf<Content>>,
): Promise<string | undefined> {
  await intake.refresh();
  await intake.takeOver(new Map());
  const batch = intake.begin(partition, offset);
  for (const item of await format.unpack(Buffer.from(bytes.value()))) batch.add({ partition, offset, place, ...item });
  const [bad] = batch.bad;
  if (bad !== undefined) return bad.problem.message;
  const { receipt } = await batch.persist(offset + 1, RETRIED);
  await receipt?.();
  // What only the store could tell.
  return batch.bad[0]?.problem.message;
}

async function note({ store }: IngestDeps, { _id }: DeadLetterDocument, problem: string | undefined): Promise<void> {
  const outcome = problem === undefined ? { resolvedAt: new Date() } : { message: problem };
  await store.deadletters.updateOne({ _id }, { $set: outcome, $inc: { retries: 1 } });
}
