import { InvalidArgumentError, Option } from 'commander';

const HIGHEST_PORT = 65_535;

/** An option `--name <port>`; 0 stands for any free port. */
export function portOption(name: string, server: string, standard: number): Option {
  return new Option(`${name} <port>`, `port of ${server}; 0 takes a free one`).default(standard).argParser(parsePort);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > HIGHEST_PORT) {
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${HIGHEST_PORT}, found ${JSON.stringify(text)}.`);
  }
  return port;
}
