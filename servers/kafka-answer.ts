import { connect } from 'node:net';

const API_VERSIONS_KEY = 18;
const TIMEOUT_MS = 5_000;

/**
 * Asks a broker for the versions it knows: its port accepts connections before it answers anything. Rejects where no
 * answer comes.
 */
export async function answersKafka(host: string, port: number): Promise<void> {
  const socket = connect(port, host);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(TIMEOUT_MS, () => {
        reject(new Error('it does not answer yet'));
      });
      socket.once('error', reject).once('close', () => {
        reject(new Error('it closes the connection'));
      });
      socket.once('data', () => {
        resolve();
      });
      socket.write(request());
    });
  } finally {
    socket.destroy();
  }
}

/** ApiVersions, version 0: key, version, correlation, no client's name; with its length before it. */
function request(): Buffer {
  const bytes = Buffer.alloc(14);
  bytes.writeInt32BE(10, 0);
  bytes.writeInt16BE(API_VERSIONS_KEY, 4);
  bytes.writeInt16BE(0, 6);
  bytes.writeInt32BE(1, 8);
  bytes.writeInt16BE(-1, 12);
  return bytes;
}
