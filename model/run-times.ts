/** A place on Earth: degrees, east and north positive, and metres above the sea. */
export interface Site {
  readonly name: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly heightM: number;
}

/** At a time of day (`07:30`), on some days of the week (0 is Sunday), in a time zone of the IANA data base. */
export interface TimeOfDay {
  readonly time: string;
  readonly days?: readonly number[];
  readonly timezone: string;
}

/** So many minutes after the end (`morning`) or the beginning (`evening`) of the astronomical night; before it where negative. */
export interface TwilightTime {
  readonly twilight: 'evening' | 'morning';
  readonly offsetMinutes: number;
  readonly site: Site;
}

/** When a periodic rule runs. */
export type RunTimes = { readonly everyMinutes: number } | TimeOfDay | TwilightTime;
