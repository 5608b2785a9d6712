/** What is wrong with an expression, and where: `start` counts characters from 0. */
export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem';

  constructor(
    message: string,
    readonly start: number,
  ) {
    super(message);
  }
}
