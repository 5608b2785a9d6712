import type { ASTNode } from '@marcbachmann/cel-js';

/** Nodes below a node: all that stand in its arguments. */
export function partsOf({ args }: ASTNode): readonly ASTNode[] {
  const parts: readonly unknown[] = Array.isArray(args) ? args.flat() : [args];
  return parts.filter(isNode);
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'start' in part;
}

/** The text of a part as it was written, with the brackets that belong to it, which the tree leaves out at its ends. */
export function writtenText(node: ASTNode, root: ASTNode): string {
  const code = withoutText(root);
  let { start, end } = node;
  let depth = 0;
  let least = 0;
  for (const letter of code.slice(start, end)) {
    if (letter === '(') depth++;
    else if (letter === ')') least = Math.min(least, --depth);
  }
  for (let missing = -least; missing > 0 && start > 0; missing--) start = Math.max(0, code.lastIndexOf('(', start - 1));
  for (let missing = depth - least; missing > 0; missing--) end = code.indexOf(')', end) + 1 || code.length;
  return root.input.slice(start, end);
}

/** The expression with blanks for texts and comments: brackets there are none. */
function withoutText(root: ASTNode): string {
  let code = root.input;
  for (const { start, end } of textsIn(root)) code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end);
  return code.replace(/\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
}

function textsIn(node: ASTNode): ASTNode[] {
  if (node.op === 'value') return typeof node.args === 'string' ? [node] : [];
  return partsOf(node).flatMap(textsIn);
}
