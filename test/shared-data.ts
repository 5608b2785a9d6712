import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/**
 * Absolute path of the folder with real alerts, sky maps and catalogues, which lies outside the repository:
 * the environment variable AMPEL_DATA, default `../shared/data` (relative to the repository's root).
 */
export const sharedData = resolve(root, process.env['AMPEL_DATA'] ?? '../shared/data');

/**
 * `describe` for tests that read `sharedData`. Without that folder they are skipped with a warning, or fail
 * where AMPEL_DATA_REQUIRED is 1. `fn` is not called then, so it may read files.
 */
export function describeWithData(name: string, fn: () => void): void {
  if (existsSync(sharedData)) {
    describe(name, fn);
    return;
  }
  const problem = `No shared data at ${sharedData}: point AMPEL_DATA at them`;
  const required = process.env['AMPEL_DATA_REQUIRED'] === '1';
  if (!required) console.warn(`${problem}. Skipped: ${name}`);
  (required ? describe : describe.skip)(name, () => {
    it('finds the shared data', () => {
      throw new Error(problem);
    });
  });
}
