/** Why an input could not be read as an alert; the kind groups them in counts and dead letters. */
export type UnreadableKind =
  | 'not-avro'
  | 'truncated'
  | 'corrupt'
  | 'empty'
  | 'schema'
  | 'trailing-bytes'
  | 'missing-field'
  | 'absurd-field'
  // An alert, but with the id of another object's.
  | 'claimed-id'
  // Of notices: something else than a notice, larger than any, with what no notice may have.
  | 'not-a-notice'
  | 'too-large'
  | 'forbidden';

/** An input that is no alert: the message says what was found and what was expected, for a person. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(
    readonly kind: UnreadableKind,
    message: string,
  ) {
    super(message);
  }
}
