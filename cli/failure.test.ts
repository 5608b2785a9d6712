import { CommanderError } from 'commander';
import { ServerError } from '../servers/server-error.js';
import { CliError } from './cli-error.js';
import { failureOf } from './failure.js';

const brokenPipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

describe('the end of the program on an error', () => {
  it.each([
    ['help that was asked for', new CommanderError(0, 'commander.helpDisplayed', ''), 0, ''],
    ['a misspelt option, of which commander has told', new CommanderError(1, 'commander.unknownOption', 'x'), 2, ''],
    [
      'wrong input',
      new CliError('night.tr does not exist', 2, 'Did you mean night.tar?'),
      2,
      'error: night.tr does not exist\nDid you mean night.tar?\n',
    ],
    ['a replay that differs', new CliError('it differs', 3), 3, 'error: it differs\n'],
    [
      'a server that is away',
      new ServerError('Temporal does not answer', 'Start it.'),
      4,
      'error: Temporal does not answer\nStart it.\n',
    ],
    ['a reader of our output that has seen enough', brokenPipe, 0, ''],
    ['anything else', new TypeError('x is undefined'), 1, 'error: x is undefined\n'],
    ['what is not even an error', 'no', 1, 'error: no\n'],
  ])('has a status and a message for %s', (_, error, status, message) => {
    expect(failureOf(error, false)).toEqual({ status, message });
  });

  it('shows where an unexpected error came from only to who looks for it', () => {
    expect(failureOf(new TypeError('x is undefined'), true).message).toMatch(
      /^error: x is undefined\nTypeError: .*\n +at /,
    );
    expect(failureOf(new CliError('wrong', 2), true).message).toBe('error: wrong\n');
  });
});
