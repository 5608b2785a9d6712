/** `1 alert`, `0 alerts`, `2 upper limits`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
