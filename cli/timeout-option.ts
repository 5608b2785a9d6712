import { InvalidArgumentError, Option } from 'commander';

const DEFAULT_S = 20;

/** `--timeout SECONDS`, for commands that wait until a worker has done what they ask for. */
export function timeoutOption(): Option {
  return new Option('--timeout <seconds>', 'how long to wait for a worker').argParser(parseSeconds).default(DEFAULT_S);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('Expected seconds, such as 20.');
}
