import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Folder of real alerts and reference values: AMPEL_DATA, relative to the repository's root. */
export const sharedData = resolve(import.meta.dirname, '..', process.env['AMPEL_DATA'] ?? '../shared/data');

/**
 * `describe` for tests that read `sharedData`; do the reading in hooks and tests, not in `define` itself.
 * Without the data they are skipped with a warning, or fail where AMPEL_DATA_REQUIRED=1.
 */
export function describeWithData(name: string, define: () => void): void {
  if (existsSync(sharedData)) {
    describe(name, define);
    return;
  }
  const message = `"${name}" needs real data: none in ${sharedData}. Set AMPEL_DATA to its folder.`;
  if (process.env['AMPEL_DATA_REQUIRED'] === '1') {
    describe(name, () => {
      it('finds the data that AMPEL_DATA_REQUIRED=1 asks for', () => {
        throw new Error(message);
      });
    });
    return;
  }
  console.warn(`SKIPPED: ${message}`);
  describe.skip(name, define);
}
