import { beginningContract } from './contract-beginning.js';
import { readingContract } from './contract-reading.js';
import { sharingContract } from './contract-sharing.js';
import { topicsContract } from './contract-topics.js';
import { troubleContract } from './contract-trouble.js';
import type { SourceRig } from './source-rig.js';

/** What every transport with partitions owes a stream. `rig` is asked when a test runs. */
export function sourceContract(rig: () => SourceRig): void {
  describe('reading', () => {
    readingContract(rig);
  });
  describe('several readers', () => {
    sharingContract(rig);
  });
  describe('where reading begins', () => {
    beginningContract(rig);
  });
  describe('topics', () => {
    topicsContract(rig);
  });
  describe('trouble', () => {
    troubleContract(rig);
  });
}
