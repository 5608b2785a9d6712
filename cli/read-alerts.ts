import { alertFormat } from '../streams/alert-format.js';
import { readPackets } from '../streams/archive/archive.js';
import { isAddress } from '../streams/archive/download.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import { isBad, type Packet } from '../streams/packet.js';
import type { Survey } from '../streams/survey.js';
import { numberedSchemas } from '../streams/numbered-schemas.js';
import { surveyOf } from '../streams/surveys.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { requirePath } from './existing-path.js';
import { countProgress } from './progress.js';

export interface ReadOptions {
  /** Shows how far it is; not wanted where each alert gets its line on the same terminal. */
  readonly showsProgress: boolean;
  /** Where schemas are found that messages name by number. */
  readonly schemas?: string;
}

/** How many inputs there were, and how many of them are no alerts. */
export interface ReadCounts {
  readonly read: number;
  readonly unreadable: number;
}

/**
 * Hands the alerts under some paths to `use`, one after the other. What cannot be read, or where `use` throws
 * `Unreadable`, is told on stderr as `place: kind: message` and counted; the others go on. Throws `CliError` for a path
 * that is not there and where there is nothing at all.
 */
export async function readAlerts(
  paths: readonly string[],
  { showsProgress, schemas }: ReadOptions,
  use: (packet: Packet, survey: Survey) => Promise<void> | void,
): Promise<ReadCounts> {
  for (const path of [...paths, ...(schemas === undefined ? [] : [schemas])]) {
    if (!isAddress(path)) await requirePath(path);
  }
  const format = alertFormat(schemas === undefined ? undefined : await numberedSchemas(schemas));
  const progress = countProgress({ of: 'alerts', isWanted: showsProgress });
  const counts = { read: 0, unreadable: 0 };
  const noteBad = (place: string, { kind, message }: Unreadable): void => {
    counts.unreadable++;
    progress.end();
    process.stderr.write(`${place}: ${kind}: ${message}\n`);
  };
  try {
    for await (const packets of readPackets(paths, format)) {
      for (const packet of packets) {
        if (isBad(packet)) noteBad(packet.place, packet.problem);
        else {
          try {
            await use(packet, surveyOf(packet.schema));
            counts.read++;
          } catch (error) {
            if (!(error instanceof Unreadable)) throw error;
            noteBad(packet.place, error);
          }
        }
        progress.update(counts.read + counts.unreadable);
      }
    }
  } finally {
    progress.end();
  }
  if (counts.read + counts.unreadable === 0) throw new CliError(`There are no alerts in ${paths.join(', ')}`, 2);
  return counts;
}

/** To be called when all is printed: throws `CliError` where something could not be read. */
export function requireAllRead({ read, unreadable }: ReadCounts): void {
  if (unreadable > 0)
    throw new CliError(`${unreadable} of ${counted(read + unreadable, 'input')} could not be read`, 2);
}
