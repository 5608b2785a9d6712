import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';

/** The content of a file that a channel names; throws `FileProblem` where it cannot be used. */
export type ReadFile = (name: string) => Uint8Array;

/** Why a file beside a channel cannot be used, as a sentence without the file's name. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

/** A data base's document takes 16 MiB. */
export const MAX_FILE_BYTES = 15_000_000;

/** Reads files beside a channel: in its folder or below. */
export function filesIn(folder: string): ReadFile {
  return (name) => {
    const path = normalize(name);
    if (isAbsolute(path) || path.startsWith('..')) {
      throw new FileProblem('is not in the folder of the channel, expected a file beside it');
    }
    const place = join(folder, path);
    const stat = statSync(place, { throwIfNoEntry: false });
    if (stat === undefined) throw new FileProblem('is not there, expected a file beside the channel');
    if (!stat.isFile()) throw new FileProblem('is no file');
    if (stat.size > MAX_FILE_BYTES) throw new FileProblem(`has ${stat.size} bytes, expected ${MAX_FILE_BYTES} at most`);
    return readFileSync(place);
  };
}

/** For a channel that comes from no folder. */
export const noFiles: ReadFile = () => {
  throw new FileProblem('cannot be read: the channel comes from no folder');
};
