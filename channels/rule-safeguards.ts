import type { Safeguards } from '../model/safeguards.js';
import type { RuleFile } from './rule-file.js';

/** What of a rule, or of all, holds messages back. */
export function ruleSafeguards({ mode, cap, quiet }: Pick<RuleFile, 'mode' | 'cap' | 'quiet'>): Safeguards {
  return {
    ...(mode === 'dry' && { dry: true }),
    ...(cap !== undefined && { cap }),
    ...(quiet !== undefined && { quiet }),
  };
}
