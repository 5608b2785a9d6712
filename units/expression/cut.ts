import type { ASTNode } from '@marcbachmann/cel-js';
import type { FieldValue } from '../../model/datapoint.js';

/** A field of the candidate that is compared with a constant; without `limit` with a list of them. */
export interface Cut {
  readonly field: string;
  readonly limit?: FieldValue;
}

const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='];

/** What a condition compares, either way round; undefined for conditions that are no plain cut. `fields` are the candidate's. */
export function cutOf(node: ASTNode, fields: ReadonlySet<string>): Cut | undefined {
  if (node.op === 'in') {
    const field = fieldOf(node.args[0], fields);
    return field === undefined ? undefined : { field };
  }
  if (!COMPARISONS.includes(node.op)) return undefined;
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  return cut(fieldOf(left, fields), constantOf(right)) ?? cut(fieldOf(right, fields), constantOf(left));
}

function cut(field: string | undefined, limit: FieldValue | undefined): Cut | undefined {
  return field === undefined || limit === undefined ? undefined : { field, limit };
}

function fieldOf(node: ASTNode, fields: ReadonlySet<string>): string | undefined {
  if (node.op === 'id') return fields.has(node.args) ? node.args : undefined;
  return node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'candidate' ? node.args[1] : undefined;
}

function constantOf(node: ASTNode): FieldValue | undefined {
  if (node.op === '-_') {
    const value = constantOf(node.args);
    return typeof value === 'number' ? -value : undefined;
  }
  if (node.op !== 'value') return undefined;
  const { args: value } = node;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}
