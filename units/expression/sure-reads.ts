import type { ASTNode } from '@marcbachmann/cel-js';
import { partsOf } from './source-range.js';

/** With a loop over a list: what stands in the loop may never be looked at. */
const LOOPS = ['all', 'exists', 'exists_one', 'filter', 'map'];

/**
 * Fields of the candidate that an inspected expression reads whatever the alert, in the order in which it does. Not those
 * behind `||`, `&&` and `?`, where the value of one side can make the other one needless. `fields` are those of the candidate.
 */
export function sureReads(node: ASTNode, fields: ReadonlySet<string>): string[] {
  const ofAll = (parts: readonly ASTNode[]): string[] => parts.flatMap((part) => sureReads(part, fields));
  switch (node.op) {
    case 'id':
      return fields.has(node.args) ? [node.args] : [];
    case '.': {
      const [record, field] = node.args;
      return record.op === 'id' && record.args === 'candidate' ? [field] : sureReads(record, fields);
    }
    case 'call':
      return node.args[0] === 'has' ? [] : ofAll(node.args[1]);
    case 'rcall':
      return ofAll(LOOPS.includes(node.args[0]) ? [node.args[1]] : partsOf(node));
    case '?:':
      return sureReads(node.args[0], fields);
    case '||':
    case '&&':
      return [];
    default:
      return ofAll(partsOf(node));
  }
}
