/**
 * A server that cannot be found, started or reached. The CLI ends with exit status 4 on it.
 * `hint` says what the user can do about it.
 */
export class ServerError extends Error {
  override readonly name = 'ServerError';

  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
