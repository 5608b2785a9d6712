import type { WorkflowHandle } from '@temporalio/client';
import { searchAttribute } from '../../workflows/search-attributes.js';

/** The search attribute that tells a person where a workflow stands. */
export async function stageOf(handle: WorkflowHandle): Promise<string | undefined> {
  return (await handle.describe()).typedSearchAttributes.get(searchAttribute.stage);
}
