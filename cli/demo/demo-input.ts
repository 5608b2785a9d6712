import type { Broker } from './broker.js';
import type { Endings } from './endings.js';
import type { LiveFigures } from './live-figures.js';
import type { Sighting } from './score.js';
import type { Steps } from './steps.js';

/** What work of the demo is told about, and how it is ended. */
export interface DemoTools {
  readonly endings: Endings;
  readonly steps: Steps;
}

/** Nights and how they are read. */
export interface DemoInput {
  /** Of the stream: the same nights are the same stream, which goes on where it was. */
  readonly streamName: string;
  /** Simulated objects have the names of real ones. */
  readonly isSimulated: boolean;
  /** Reads all of it for a survey's channels. Returns when every transient has decided and what fell due is done. */
  read(broker: Broker, survey: string, tools: DemoTools): Promise<WhatWasRead>;
}

export interface WhatWasRead {
  /** What the objects are: of simulated nights only. */
  readonly sightings?: readonly Sighting[];
  /** Of nights that went through Kafka. */
  readonly kafka?: LiveFigures;
}
