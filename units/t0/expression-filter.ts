import { z } from 'zod';
import { UNDECIDED_MEANINGS } from '../../model/decision.js';
import { definePreparedFilter, UnfitConfig } from '../define.js';
import { compileExpression, type CompiledExpression } from '../expression/compiled-expression.js';
import { ExpressionProblem } from '../expression/problem.js';
import { SURVEY_FIELDS } from '../expression/survey-fields.js';

const config = z.strictObject({
  expression: z.string().min(1).describe('in CEL, such as: rb > 0.5 && history.exists(p, p.magpsf > magpsf + 1)'),
  reason: z
    .string()
    .regex(/^[A-Za-z]\w{0,39}$/, 'expected a word, such as tooFaint')
    .refine((reason) => !(reason in UNDECIDED_MEANINGS) && reason !== 'cap', 'this name has a meaning of its own')
    .default('expression')
    .describe('name of the rejections'),
});

/**
 * A cut without code: an expression in CEL (Common Expression Language) over the candidate's fields, `history` (earlier points
 * in packet order) and `objectId`. What is null never accepts. See docs/expressions.md.
 */
export const expressionFilter = definePreparedFilter({
  name: 'ExpressionFilter',
  version: '1.0.0',
  summary: 'Alerts for which an expression over their fields is true.',
  config,
  reads: ({ expression, reason }, survey) => compiled(expression, reason, survey).reads,
  reasons: {
    expression: 'a condition of the expression is false',
    null: 'a field that the expression reads is null or missing',
    error: 'the expression has no value: a division by zero, a logarithm of nothing, a point that is not there',
  },
  bind: ({ expression, reason }, { survey }) => {
    const { judge } = compiled(expression, reason, survey);
    return judge;
  },
});

function compiled(expression: string, reason: string, survey: string): CompiledExpression {
  const fields = SURVEY_FIELDS[survey];
  if (fields === undefined)
    throw new UnfitConfig(['expression'], `the fields of alerts of ${survey} are not known here`);
  try {
    return compileExpression(expression, fields, reason);
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    throw new UnfitConfig(['expression'], `${error.message} (character ${error.start + 1} of the expression)`);
  }
}
