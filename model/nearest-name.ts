/**
 * The known name that `name` was most likely meant to be, by edit distance without regard to case.
 * Undefined where none is near: more than a third of the letters, and more than two, would have to change.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    // A name as short as the change itself is no guess: "ab" is not a slip of "cd".
    if (distance < least && distance < candidate.length) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance: insertions, deletions and substitutions of one letter. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    let left = i + 1;
    for (let j = 0; j < to.length; j++) {
      const above = row[j + 1] ?? 0;
      const corner = row[j] ?? 0;
      left = Math.min(left + 1, above + 1, corner + (from[i] === to[j] ? 0 : 1));
      next.push(left);
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
