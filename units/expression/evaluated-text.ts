import type { ASTNode } from '@marcbachmann/cel-js';

/** How tightly an operator binds; what is not here stands for itself. */
const TIGHTNESS: Readonly<Record<string, number>> = {
  ...{ '?:': 0, '||': 1, '&&': 2, in: 3, '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3 },
  ...{ '+': 4, '-': 4, '*': 5, '/': 5, '!_': 6, '-_': 6 },
};
const LOOSEST = 0;
const ITSELF = 7;

/**
 * Writes a part of an inspected expression as it is evaluated: fields with the record that they are of, numbers as doubles,
 * as those of alerts are, and divisors that must not be zero. `fields` are those of the candidate that it reads.
 */
export function evaluatedText(node: ASTNode, fields: ReadonlySet<string>): string {
  const write = (part: ASTNode): string => evaluatedText(part, fields);
  const tight = (part: ASTNode, least: number): string =>
    (TIGHTNESS[part.op] ?? ITSELF) < least ? `(${write(part)})` : write(part);
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return fields.has(node.args) ? `candidate.${node.args}` : node.args;
    case '.':
      return `${tight(node.args[0], ITSELF)}.${node.args[1]}`;
    case '[]': {
      const [list, index] = node.args;
      // An index stays an integer.
      return `${tight(list, ITSELF)}[${typeof index.args === 'bigint' ? index.args.toString() : write(index)}]`;
    }
    case 'list':
      return `[${node.args.map(write).join(', ')}]`;
    case 'call':
      return `${node.args[0]}(${node.args[1].map(write).join(', ')})`;
    case 'rcall':
      return `${tight(node.args[1], ITSELF)}.${node.args[0]}(${node.args[2].map(write).join(', ')})`;
    case '?:': {
      const [condition, yes, no] = node.args;
      return `${tight(condition, LOOSEST + 1)} ? ${tight(yes, LOOSEST + 1)} : ${write(no)}`;
    }
    case '!_':
    case '-_':
      // -(-x), as two signs are no operator.
      return `${node.op.charAt(0)}${tight(node.args, ITSELF)}`;
    default:
      return binary(node, tight, write);
  }
}

function binary(
  node: ASTNode,
  tight: (part: ASTNode, least: number) => string,
  write: (part: ASTNode) => string,
): string {
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  const least = TIGHTNESS[node.op] ?? LOOSEST;
  const behind = node.op === '/' ? `nonZero(${write(right)})` : tight(right, least + 1);
  return `${tight(left, least)} ${node.op} ${behind}`;
}

function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}.0`;
  if (typeof value !== 'number') return JSON.stringify(value);
  const text = String(value);
  return /^\d+$/.test(text) ? `${text}.0` : text;
}
