/** `, confirmed 3, failed 1`; empty where nobody was told. */
export function toldText(told: Readonly<Record<string, number>>): string {
  return Object.entries(told)
    .map(([state, count]) => `, ${state} ${count}`)
    .join('');
}
