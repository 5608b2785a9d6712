/** Why `fetch` gave no answer, to follow the name of the host. */
export function failureText(error: unknown, timeoutSeconds: number): string {
  if (textOf(error, 'name') === 'TimeoutError') return `gave no answer within ${timeoutSeconds} s`;
  const why = textOf(causeOf(error), 'code') ?? textOf(causeOf(error), 'message') ?? textOf(error, 'message');
  return `could not be reached: ${why ?? 'no reason given'}`;
}

/** Steps before a request can leave: the address, the connection, the certificate. */
const BEFORE_REQUEST = ['connect', 'getaddrinfo'];
const BEFORE_REQUEST_CODES =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/;

/** True where `fetch` failed before it could send anything, so that the receiver has surely not acted. */
export function isUnsent(error: unknown): boolean {
  const cause = causeOf(error);
  return (
    BEFORE_REQUEST.includes(textOf(cause, 'syscall') ?? '') || BEFORE_REQUEST_CODES.test(textOf(cause, 'code') ?? '')
  );
}

/** `fetch` says no more than "fetch failed"; what happened is in the cause. */
function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
}

function textOf(error: unknown, field: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
