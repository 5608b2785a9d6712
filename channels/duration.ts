/** How many of each unit make a day. A night is a day of event time. */
const IN_A_DAY: Readonly<Record<string, number>> = { min: 1440, h: 24, d: 1, night: 1, nights: 1 };

/** `30 min`, `2 h`, `1.5 d`, `1 night`, `3 nights`. */
export const DURATION_PATTERN = /^(\d{1,6}(?:\.\d{1,6})?) ?(min|h|d|nights?)$/;

/** Longer than any transient is followed; a larger number is more likely a slip of the unit. */
export const LONGEST_WAIT_DAYS = 1000;

/** Days in a duration as channel files write it (`3 nights`); undefined where the text is none. */
export function parseDurationDays(text: string): number | undefined {
  const [, count, unit = ''] = DURATION_PATTERN.exec(text) ?? [];
  const inADay = IN_A_DAY[unit];
  return count === undefined || inADay === undefined ? undefined : Number(count) / inADay;
}
