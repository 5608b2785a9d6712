/**
 * An end of the program that is not a fault in it. Exit status: 1 failed, 2 wrong use or input, 3 a check did not hold,
 * 4 a service cannot be reached. `hint` says what the user can do.
 */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 | 4,
    readonly hint?: string,
  ) {
    super(message);
  }
}
