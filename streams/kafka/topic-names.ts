import { KafkaError } from './kafka-error.js';

/** The topics that a source asks for: some by name, some by what their names look like. */
export interface TopicNames {
  /** Names that were given in full. */
  readonly named: readonly string[];
  /** Which of these topics are asked for, in alphabetical order. */
  readonly among: (existing: readonly string[]) => string[];
}

const NAME = /^[A-Za-z0-9._-]{1,249}$/;

/** Reads names and `/patterns/`. Throws `KafkaError` for a pattern that is none, or a name that no topic can have. */
export function topicNames(topics: readonly string[]): TopicNames {
  if (topics.length === 0) throw new KafkaError('source', 'the source names no topic');
  const patterns = topics.filter(isPattern).map(patternOf);
  const named = topics.filter((topic) => !isPattern(topic));
  for (const topic of named) {
    if (!NAME.test(topic)) {
      throw new KafkaError(
        'source',
        `"${topic}" is no name of a topic: expected letters, digits, . _ and - only, or a pattern between slashes`,
      );
    }
  }
  return {
    named,
    among: (existing) =>
      existing
        .filter(
          (topic) => named.includes(topic) || (!topic.startsWith('__') && patterns.some((one) => one.test(topic))),
        )
        .sort(),
  };
}

function isPattern(topic: string): boolean {
  return topic.length > 2 && topic.startsWith('/') && topic.endsWith('/');
}

function patternOf(topic: string): RegExp {
  try {
    return new RegExp(topic.slice(1, -1));
  } catch (error) {
    throw new KafkaError(
      'source',
      `${topic} is no pattern of topics: ${error instanceof SyntaxError ? error.message : String(error)}`,
    );
  }
}
