import { z } from 'zod';
import { ReactionRefused, TryAgain } from '../define.js';

interface No {
  readonly host: string;
  /** Name of the token. */
  readonly secret: string;
  readonly token: string;
  /** An answer with `ok: false`. */
  readonly answer: unknown;
}

const noAnswer = z.object({
  error: z.string().regex(/^[a-z][a-z0-9_]{0,99}$/),
  needed: z
    .string()
    .regex(/^[a-z][a-z.:,_ ]{0,199}$/)
    .optional()
    .catch(undefined),
  response_metadata: z.object({ retryAfter: z.number().positive().max(3600).optional().catch(undefined) }).optional(),
});

/** Slack has not acted, and will later. */
const NOT_NOW = ['ratelimited', 'rate_limited', 'message_limit_exceeded', 'request_timeout', 'team_added_to_org'];

/** Slack may have acted in part, as its documentation says. */
const DOUBTFUL = ['fatal_error', 'internal_error', 'service_unavailable'];

/** The error for an answer with `ok: false`. What it means: https://docs.slack.dev/reference/methods/chat.postMessage. */
export function saidNo({ host, secret, token, answer }: No): Error {
  const parsed = noAnswer.safeParse(answer);
  if (!parsed.success) return new Error(`${host} answered no without saying why`);
  const { error, needed, response_metadata } = parsed.data;
  const said = `${host} says ${error}`.replaceAll(token, '[secret]');
  const { retryAfter } = response_metadata ?? {};
  if (NOT_NOW.includes(error)) return new TryAgain(said, retryAfter === undefined ? undefined : retryAfter * 1000);
  if (DOUBTFUL.includes(error)) return new Error(said);
  return new ReactionRefused(`${said}: ${adviceOn(error, secret, needed?.replaceAll(token, '[secret]'))}`);
}

function adviceOn(error: string, secret: string, needed = 'chat:write'): string {
  if (error === 'missing_scope') return `add the scope ${needed} to the app and install it again`;
  if (BAD_TOKEN.includes(error)) {
    return `the secret "${secret}" is no valid token; set it to the app's Bot User OAuth Token (xoxb-…)`;
  }
  return ADVICE.get(error) ?? (error.startsWith('restricted_action') ? RESTRICTED : UNKNOWN);
}

const BAD_TOKEN = [
  ...['not_authed', 'invalid_auth', 'account_inactive', 'token_revoked', 'token_expired'],
  'not_allowed_token_type',
];

const TOO_LONG = 'show fewer fields or links';
const ADMINISTRATOR = 'an administrator of the workspace has to allow it';
const RESTRICTED = 'the settings of the workspace or the channel let others post there only';
const NO_THREAD = 'the message that began the thread cannot be answered: is it deleted?';
const UNKNOWN = 'see https://docs.slack.dev/reference/methods/chat.postMessage';

const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'channel_not_found',
    'the app sees no conversation of this ID: is it right, and is the app invited where it is private?',
  ],
  ['not_in_channel', 'invite the app to the channel: /invite @NAME-OF-THE-APP'],
  ['is_archived', 'the channel is archived: name another, or unarchive it'],
  ['msg_too_long', TOO_LONG],
  ['msg_blocks_too_long', TOO_LONG],
  ['invalid_blocks', TOO_LONG],
  ['thread_not_found', NO_THREAD],
  ['cannot_reply_to_message', NO_THREAD],
  ['access_denied', ADMINISTRATOR],
  ['accesslimited', ADMINISTRATOR],
  ['ekm_access_denied', ADMINISTRATOR],
  ['enterprise_is_restricted', ADMINISTRATOR],
  ['no_permission', ADMINISTRATOR],
  ['org_login_required', ADMINISTRATOR],
  ['team_access_not_granted', ADMINISTRATOR],
]);
