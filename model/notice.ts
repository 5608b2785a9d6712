/** A moment in UTC. */
export interface Instant {
  /** Julian date (UTC, days); a double holds about 40 µs. */
  readonly jd: number;
  /** ISO 8601 in UTC with every digit that was told: `2018-11-01T22:22:46.654437Z`. A leap second is the next day's first. */
  readonly iso: string;
}

/** What a notice is in the sequence of its event, in the terms of its mission. */
export type NoticeKind =
  // The sequence of LIGO/Virgo/KAGRA, and `alert_type` of GCN's unified notices.
  | 'early warning'
  | 'preliminary'
  | 'initial'
  | 'subsequent'
  | 'update'
  | 'retraction'
  // Triggers of space missions.
  | 'alert'
  | 'flight position'
  | 'ground position'
  | 'final position'
  | 'quick-look position'
  | 'position'
  | 'no position'
  | 'subthreshold'
  | 'light curve'
  | 'spectrum'
  | 'image'
  | 'observing plan'
  // What is no trigger.
  | 'flare'
  | 'counterpart search'
  | 'archive entry'
  | 'other';

/**
 * What a notice stands for. `observation`: what an instrument saw. `test`: sent to try the chain. `mock`: a simulated or
 * injected signal (MS… superevents, hardware injections). `prediction`: something planned. `utility`: housekeeping.
 */
export type NoticeRole = 'observation' | 'test' | 'mock' | 'prediction' | 'utility';

/** ICRS (J2000), degrees. */
export interface NoticePosition {
  readonly ra: number;
  readonly dec: number;
  /** Radius that holds the source with probability `containment`; of an ellipse its semi-major axis, of a box its farthest corner. */
  readonly errorRadiusDeg?: number;
  /** 0 to 1; absent where the mission does not say. */
  readonly containment?: number;
  /** As the mission tells it; some name the shorter axis first. The angle is that of the first axis, from north through east. */
  readonly ellipse?: {
    readonly semiMajorDeg: number;
    readonly semiMinorDeg: number;
    readonly positionAngleDeg: number;
  };
  /** Whether the radius has the systematic error in it. */
  readonly isSystematicIncluded?: boolean;
}

/** Where a sky map is: at a URL, or in the notice (then its bytes are given beside the notice), or both. */
export interface SkyMapReference {
  readonly url?: string;
  readonly embedded?: {
    /** Lower-case hexadecimal, of the decoded bytes. */
    readonly sha256: string;
    readonly sizeBytes: number;
    readonly mediaType: SkyMapMediaType;
  };
}

export type SkyMapMediaType = 'image/fits' | 'application/gzip';

/** How sure the mission is, and of what. */
export interface Significance {
  /** False alarm rate. */
  readonly farHz?: number;
  /** Probability that the source is astrophysical (IceCube's signalness), 0 to 1. */
  readonly pAstro?: number;
  /** Probabilities of source classes that exclude each other: `BNS`, `Terrestrial`, `GRB`… */
  readonly classification?: Readonly<Record<string, number>>;
  /** Probabilities of properties, given that the source is astrophysical: `HasNS`… */
  readonly properties?: Readonly<Record<string, number>>;
  /** Most probable energy of the neutrino. */
  readonly energyTev?: number;
  /** Signal to noise ratio of the trigger: of the image where there is one, else of the rate. */
  readonly snr?: number;
  /** LIGO/Virgo/KAGRA: passes the threshold of a significant alert. */
  readonly isSignificant?: boolean;
}

/** A mission's own parameter, as it names it. */
export type Fact = string | number | boolean | null;

/** Another notice that this one cites. */
export interface Citation {
  /** `ivo://…` */
  readonly noticeId: string;
  readonly cite: 'supersedes' | 'retraction' | 'followup';
}

/** Another mission's event that this notice speaks of. */
export interface RelatedEvent {
  /** As `Notice.eventId`. */
  readonly eventId: string;
  /** The notice of it that was looked at, in the mission's own words or as ivorn. */
  readonly notice?: string;
}

/** One machine-readable message about one event in the sky. */
export interface Notice {
  /**
   * Unique and stable: the ivorn of a VOEvent; of JSON `<eventId>/<kind>/<record number or time>/<12 digits of the content's sha256>`.
   * The VOEvent and the JSON of one alert are two notices of one event.
   */
  readonly noticeId: string;
  /** `<mission>:<the mission's own id>`: `LVK:S190425z`, `Fermi:537755817`, `IceCube:132910_57145925`. */
  readonly eventId: string;
  /** Other names and ids of the event. */
  readonly names: readonly string[];
  readonly mission: string;
  readonly instrument?: string;
  readonly kind: NoticeKind;
  readonly role: NoticeRole;
  /** Counts the notices of an event, where the mission does. */
  readonly revision?: number;
  readonly isRetraction: boolean;
  /** When it was made; some missions do not say. One of the two times is always there. */
  readonly issuedAt?: Instant;
  /** When the signal arrived; of an observation, when it began. */
  readonly eventTime?: Instant;
  readonly position?: NoticePosition;
  readonly skyMap?: SkyMapReference;
  /** Sky map of the coincidence with another mission's event. */
  readonly jointSkyMap?: SkyMapReference;
  readonly significance: Significance;
  /** All parameters of the notice, nested names joined by `/`, but for sky maps. */
  readonly facts: Readonly<Record<string, Fact>>;
  /** Pages and files by what they are: `gracedb`, `light_curve_url`… */
  readonly links: Readonly<Record<string, string>>;
  readonly citations: readonly Citation[];
  readonly relatedEvents: readonly RelatedEvent[];
  /** What of the notice could not be used, for a person. */
  readonly warnings: readonly string[];
  readonly format: 'VOEvent' | 'GCN JSON' | 'igwn.gwalert';
}

/** The members that have a value: a data base would store `undefined` as null. */
export function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
