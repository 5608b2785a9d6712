import type { Place } from './read-yaml.js';

/** What is wrong with a channel file, and where: the form that `ampel channel check --json` prints. */
export interface ChannelError extends Place {
  readonly file: string;
  /** `t0.config.min_ndet`, `t3[1].when`; empty where the text is no YAML. */
  readonly path: string;
  /** What was found, what was expected, and the nearest known name. */
  readonly message: string;
}
