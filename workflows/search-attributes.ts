import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Search attributes of AMPEL's workflows: what the list in the Temporal UI can be filtered by. */
export const searchAttribute = {
  survey: defineSearchAttributeKey('AmpelSurvey', SearchAttributeType.KEYWORD),
  /** `waiting`, `failed unit`, … : what a person would want to know first. */
  stage: defineSearchAttributeKey('AmpelStage', SearchAttributeType.KEYWORD),
  /** Night of the first alert, `YYYY-MM-DD`. */
  night: defineSearchAttributeKey('AmpelNight', SearchAttributeType.KEYWORD),
  channels: defineSearchAttributeKey('AmpelChannels', SearchAttributeType.KEYWORD_LIST),
  failedUnits: defineSearchAttributeKey('AmpelFailedUnits', SearchAttributeType.KEYWORD_LIST),
  raDeg: defineSearchAttributeKey('AmpelRa', SearchAttributeType.DOUBLE),
  decDeg: defineSearchAttributeKey('AmpelDec', SearchAttributeType.DOUBLE),
} as const;

/** Type of each attribute by name, as a server wants them registered. */
export const searchAttributeTypes: Readonly<Record<string, SearchAttributeType>> = Object.fromEntries(
  Object.values(searchAttribute).map(({ name, type }) => [name, type]),
);
