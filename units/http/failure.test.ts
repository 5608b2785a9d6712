import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureText, isUnsent } from './failure.js';

async function failureAt(port: number, signal?: AbortSignal): Promise<unknown> {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x', ...(signal !== undefined && { signal }) });
    return undefined;
  } catch (error) {
    return error;
  }
}

function failedBy(cause: object): unknown {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('why'), cause) });
}

describe('a request without an answer', () => {
  it('was not sent where nobody listens, and may have been where the connection was lost or silent', async () => {
    const server = createServer((request, response) => {
      if (request.method === 'POST') response.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const lost = await failureAt(port);
    expect([isUnsent(lost), failureText(lost, 3)]).toEqual([false, 'could not be reached: UND_ERR_SOCKET']);
    const late = await failureAt(port, AbortSignal.timeout(0));
    expect([isUnsent(late), failureText(late, 3)]).toEqual([false, 'gave no answer within 3 s']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const refused = await failureAt(port);
    expect([isUnsent(refused), failureText(refused, 3)]).toEqual([true, 'could not be reached: ECONNREFUSED']);
  });

  it.each([
    { code: 'ENOTFOUND' },
    { code: 'EAI_AGAIN', syscall: 'getaddrinfo' },
    { code: 'ETIMEDOUT', syscall: 'connect' },
    { code: 'UND_ERR_CONNECT_TIMEOUT' },
    { code: 'CERT_HAS_EXPIRED' },
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  ])('was not sent after %j', (cause) => {
    expect(isUnsent(failedBy(cause))).toBe(true);
  });

  it.each([{ code: 'ECONNRESET', syscall: 'read' }, { code: 'EPIPE', syscall: 'write' }, { code: 'ETIMEDOUT' }, {}])(
    'may have been sent after %j',
    (cause) => {
      expect(isUnsent(failedBy(cause))).toBe(false);
    },
  );

  it('may have been sent where nothing at all is known', () => {
    for (const error of [undefined, null, 'x', new Error('x')]) expect(isUnsent(error)).toBe(false);
    expect(failureText(null, 3)).toBe('could not be reached: no reason given');
  });
});
