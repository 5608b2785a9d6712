import type { ParseError, TypeError } from '@marcbachmann/cel-js';
import { checkingEnvironment, parseIn } from './environments.js';
import type { Insertion } from './guard.js';
import { ExpressionProblem } from './problem.js';
import type { SurveyFields } from './survey-fields.js';

/**
 * Throws `ExpressionProblem` where types can never fit, or what it gives is not true or false. Columns are those of the text
 * as it was written.
 */
export function checkTypes(text: string, insertions: readonly Insertion[], fields: SurveyFields): void {
  const placeOf = (start: number): number => writtenAt(start, insertions);
  const { valid, type, error } = parseIn(checkingEnvironment(fields), inserted(text, insertions), placeOf).check();
  if (!valid) {
    const message = error === undefined ? 'found no expression' : typeProblem(error);
    throw new ExpressionProblem(message, placeOf(error?.range?.start ?? 0));
  }
  if (type !== 'bool') throw new ExpressionProblem(`gives ${nameOfType(type ?? '')}, expected true or false`, 0);
}

function inserted(text: string, insertions: readonly Insertion[]): string {
  let result = '';
  let from = 0;
  for (const { at, text: added } of insertions) {
    result += text.slice(from, at) + added;
    from = at;
  }
  return result + text.slice(from);
}

/** The library's words in those of the language as it is here: one kind of number, text. */
function typeProblem({ code, summary, node }: ParseError | TypeError): string {
  const [first = '', second = ''] = Array.from(summary.matchAll(/'([^']*)'/g), ([, type = '']) => typesNamed(type));
  switch (code) {
    case 'no_such_overload':
      return `no such operation: ${typesNamed(summary.replace(/^.*: /, ''))}`;
    case 'no_matching_overload':
      return `no such operation: ${first}`;
    case 'invalid_logical_operand':
      return `found ${first} beside ${node?.op ?? '&& or ||'}, expected true or false on both sides`;
    case 'invalid_condition_type':
      return `found ${first} as a condition, expected true or false`;
    case 'incompatible_ternary_branches':
      return `found ${first} and ${second} on the sides of :, expected one of them`;
    case 'heterogeneous_list_element':
      return `found ${second} in a list of ${first}, expected one of them`;
    default:
      return summary;
  }
}

function typesNamed(text: string): string {
  return text.replace(/\b(double|int|string|bool)\b/g, nameOfType);
}

function nameOfType(type: string): string {
  return { double: 'number', int: 'number', string: 'text', bool: 'true-or-false' }[type] ?? type;
}

function writtenAt(position: number, insertions: readonly Insertion[]): number {
  let added = 0;
  for (const { at, text } of insertions) {
    if (at + added >= position) break;
    // Inside of what was added: the place where it was added.
    if (at + added + text.length > position) return at;
    added += text.length;
  }
  return position - added;
}
