import type { StreamSource } from './stream.js';

/** What a stream's positions belong to: two sources of the same key have the same packets at the same offsets. */
export function sourceKey(source: StreamSource): string {
  switch (source.kind) {
    case 'archive':
      return `archive ${JSON.stringify(source.paths)}`;
    case 'simulation':
      return `simulation ${JSON.stringify([source.nights, source.seed, source.alertsPerNight ?? null])}`;
    case 'kafka':
      // Brokers come and go; a topic of the same name elsewhere needs a group of another name.
      return `kafka ${JSON.stringify(source.group)}`;
  }
}

/** The same for a person. */
export function sourceText(source: StreamSource): string {
  switch (source.kind) {
    case 'archive':
      return source.paths.join(' ');
    case 'simulation':
      return `${source.nights} simulated nights, seed ${source.seed}`;
    case 'kafka':
      return `${source.topics.join(' ')} at ${source.brokers.join(',')}`;
  }
}
