import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/** Keys and list indices from the top of the file. */
export type YamlPath = readonly (string | number)[];

/** A file that is no channel at all has an error for each of its keys: finding them must not take the square of that. */
const pairsByKey = new WeakMap<YAMLMap, ReadonlyMap<string | undefined, Pair>>();

/** A key as the object will have it; undefined for a list or a mapping as a key. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  const { value } = key;
  if (value === null) return '';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : undefined;
}

/**
 * Offset in the text of what a path leads to. What is not there is shown at its nearest parent, a parent at its key
 * (the line that a reader looks for), an alias at what it stands for.
 */
export function offsetIn(document: Document, path: YamlPath, of: 'key' | 'value'): number {
  let node: Node | undefined = document.contents ?? undefined;
  let parent = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const pair = pairOf(node, step);
    const child = pair === undefined ? itemOf(node, step) : pair.value;
    if (!isNode(child)) return startOf(pair?.key) ?? parent;
    parent = startOf(pair === undefined ? child : pair.key) ?? parent;
    if (of === 'key' && index === path.length - 1) return parent;
    node = isAlias(child) ? child.resolve(document) : child;
  }
  return path.length === 0 || isEmpty(node) ? parent : (startOf(node) ?? parent);
}

/** `t3[0].config.url` */
export function pathText(path: YamlPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : (index > 0 ? '.' : '') + step)).join('');
}

/** Of a key given twice the last one, as that is the one whose value counts. */
function pairOf(node: unknown, step: string | number): Pair | undefined {
  if (!isMap(node)) return undefined;
  let pairs = pairsByKey.get(node);
  if (pairs === undefined) {
    pairs = new Map(node.items.map((pair) => [keyText(pair.key), pair]));
    pairsByKey.set(node, pairs);
  }
  return pairs.get(String(step));
}

function itemOf(node: unknown, step: string | number): unknown {
  return isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** `min_rb:` with nothing after it: the value has a place, but nobody sees it there. */
function isEmpty(node: Node | undefined): boolean {
  return node?.range?.[0] === node?.range?.[1];
}
