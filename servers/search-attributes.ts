import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { ServerError } from './server-error.js';

/** Custom search attributes by name. */
export type SearchAttributes = Readonly<Record<string, SearchAttributeType>>;

/** What Temporal's own programs call each type on the command line, and its number in the service's messages. */
export const ATTRIBUTE_TYPES: Readonly<Record<SearchAttributeType, { readonly flag: string; readonly code: number }>> =
  {
    TEXT: { flag: 'Text', code: 1 },
    KEYWORD: { flag: 'Keyword', code: 2 },
    INT: { flag: 'Int', code: 3 },
    DOUBLE: { flag: 'Double', code: 4 },
    BOOL: { flag: 'Bool', code: 5 },
    DATETIME: { flag: 'Datetime', code: 6 },
    KEYWORD_LIST: { flag: 'KeywordList', code: 7 },
  };

const TIMEOUT_MS = 30_000;
const RETRY_MS = 200;

/**
 * Registers those of the search attributes that the namespace lacks and returns when all are known. For a service that
 * was not started by us, and for a database from before an attribute was added: the dev server's start option is
 * ignored for a namespace that exists. Throws `ServerError` if one is registered with another type.
 */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  wanted: SearchAttributes,
): Promise<void> {
  const missing = await missingAttributes(connection, namespace, wanted);
  if (Object.keys(missing).length === 0) return;
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
  const deadlineMs = Date.now() + TIMEOUT_MS;
  while (Object.keys(await missingAttributes(connection, namespace, wanted)).length > 0) {
    if (Date.now() > deadlineMs) {
      throw new ServerError(`Temporal has not registered the search attributes ${Object.keys(missing).join(', ')}.`);
    }
    await sleep(RETRY_MS);
  }
}

async function missingAttributes(
  connection: Connection,
  namespace: string,
  wanted: SearchAttributes,
): Promise<Record<string, number>> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing: Record<string, number> = {};
  for (const [name, type] of Object.entries(wanted)) {
    const { code } = ATTRIBUTE_TYPES[type];
    const found: number | undefined = customAttributes[name];
    if (found === undefined) missing[name] = code;
    else if (found !== code) {
      const known = Object.values(ATTRIBUTE_TYPES).find((entry) => entry.code === found)?.flag ?? String(found);
      throw new ServerError(
        `Search attribute ${name} of namespace ${namespace} is of type ${known}, expected ${ATTRIBUTE_TYPES[type].flag}.`,
        'Use another namespace (AMPEL_TEMPORAL_NAMESPACE), or remove the attribute with `temporal operator search-attribute remove`.',
      );
    }
  }
  return missing;
}
