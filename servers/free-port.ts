import { createServer } from 'node:net';
import { LOCAL_HOST } from './local-address.js';
import { ServerError } from './server-error.js';

/** Which server wants a port, and the option of `ampel up` that chooses another one. */
export interface PortRequest {
  readonly title: string;
  readonly option: string;
}

/** The wanted port, or a free one for 0. Throws `ServerError` if the wanted port is in use or may not be opened. */
export async function choosePort(wanted: number, { title, option }: PortRequest): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${error.message})`;
      reject(
        new ServerError(
          `Port ${wanted} for ${title} ${why}.`,
          `Stop the program that uses it, or choose another port: ${option} <port> (0 takes a free one).`,
        ),
      );
    });
    server.listen(wanted, LOCAL_HOST, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error(`no port in ${String(address)}`));
        else resolve(address.port);
      });
    });
  });
}
