import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { keyText, type YamlPath } from './yaml-path.js';

/** A fault at an offset of the text. */
export interface NodeFault {
  readonly offset: number;
  readonly path: YamlPath;
  readonly message: string;
}

/** An alias is fine to say a thing once; with more, text of a line expands to gigabytes. */
export const MAX_ALIASES = 30;

/**
 * Finds what is YAML but would be lost or changed on the way to plain values: keys given twice, keys that are no text,
 * numbers that cannot be held. `readable` is false where there are no plain values for it.
 */
export function inspectYaml(
  document: Document,
  lineAt: (offset: number) => number,
): { readonly faults: readonly NodeFault[]; readonly readable: boolean } {
  const inspection: Inspection = { document, lineAt, faults: [], aliases: 0, readable: true };
  inspectNode(document.contents, [], [], inspection);
  return inspection;
}

interface Inspection {
  readonly document: Document;
  readonly lineAt: (offset: number) => number;
  readonly faults: NodeFault[];
  aliases: number;
  readable: boolean;
}

function inspectNode(node: unknown, path: YamlPath, parents: readonly unknown[], inspection: Inspection): void {
  if (isMap(node)) inspectMap(node, path, parents, inspection);
  else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      inspectNode(item, [...path, index], [...parents, node], inspection);
    }
  } else if (isScalar(node)) inspectScalar(node, path, inspection);
  else if (isAlias(node)) inspectAlias(node, path, parents, inspection);
}

function inspectMap(map: YAMLMap, path: YamlPath, parents: readonly unknown[], inspection: Inspection): void {
  const firstLine = new Map<string, number>();
  for (const { key, value } of map.items) {
    const name = keyText(key);
    const offset = isScalar(key) ? startOf(key) : startOf(map);
    if (name === undefined) {
      inspection.readable = false;
      inspection.faults.push({ offset, path, message: 'found a key that is no plain text, expected a name' });
      continue;
    }
    const here = [...path, name];
    const line = firstLine.get(name);
    if (line !== undefined) {
      const message = `"${name}" is given twice, first on line ${line}, expected once`;
      inspection.faults.push({ offset, path: here, message });
    }
    firstLine.set(name, line ?? inspection.lineAt(offset));
    inspectNode(value, here, [...parents, map], inspection);
  }
}

function inspectScalar(scalar: Scalar, path: YamlPath, inspection: Inspection): void {
  const { value, source = '' } = scalar;
  if (typeof value !== 'number') return;
  const offset = startOf(scalar);
  if (!Number.isFinite(value)) {
    inspection.faults.push({ offset, path, message: `found ${source}, expected a finite number` });
  } else if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source)) {
    const message = `${source} has more digits than a number can hold, expected it in quotes: "${source}"`;
    inspection.faults.push({ offset, path, message });
  }
}

function inspectAlias(alias: Alias, path: YamlPath, parents: readonly unknown[], inspection: Inspection): void {
  const target = alias.resolve(inspection.document);
  inspection.aliases++;
  const message =
    target === undefined
      ? `*${alias.source} stands for nothing, expected an anchor &${alias.source} before it`
      : parents.includes(target)
        ? `*${alias.source} stands for what it is part of`
        : inspection.aliases === MAX_ALIASES + 1
          ? `found more than ${MAX_ALIASES} aliases (*${alias.source}): write out what they stand for`
          : undefined;
  if (message === undefined) return;
  inspection.readable = false;
  inspection.faults.push({ offset: startOf(alias), path, message });
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
