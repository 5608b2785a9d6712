import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { KafkaConnection } from './client.js';
import { KafkaError } from './kafka-error.js';

const TIMEOUT_MS = 3_000;
const SASL_HANDSHAKE = 17;

/**
 * A broker that expects TLS or a login only closes the connection of one that comes without, as it does when it goes
 * down. So it is asked: throws `KafkaError` where the source has no TLS or no login and the broker wants it.
 */
export async function explainClosedDoor({ brokers, security = {} }: KafkaConnection): Promise<void> {
  const { tls, sasl } = security;
  for (const broker of brokers) {
    if (tls === undefined && (await ask(broker, true, 'secureConnect')) !== undefined) {
      throw new KafkaError('tls', `${broker} expects TLS, and the source has none (security.tls)`);
    }
    if (sasl !== undefined) continue;
    const offered = mechanisms(await ask(broker, tls !== undefined, 'data', saslHandshake()));
    if (offered.length > 0) {
      throw new KafkaError(
        'login',
        `${broker} expects a login (${offered.join(', ')}), and the source has none (security.sasl)`,
      );
    }
  }
}

/** What comes with the event, undefined where it does not come. Nothing is told, so it matters not who answers. */
function ask(
  broker: string,
  tls: boolean,
  event: 'secureConnect' | 'data',
  question: Buffer = Buffer.alloc(0),
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const [host, digits] = broker.split(':');
    const port = Number(digits);
    const socket: Socket = tls ? connectTls({ host, port, rejectUnauthorized: false }) : connectPlain({ host, port });
    const end = (answer?: Buffer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, end);
    socket.once(event, (answer?: Buffer) => {
      end(answer ?? question);
    });
    for (const failure of ['error', 'end']) {
      socket.once(failure, () => {
        end();
      });
    }
    if (event === 'data') socket.write(question);
  });
}

/** Version 1, for PLAIN: length, key, version, correlation, no client's name, mechanism. */
function saslHandshake(): Buffer {
  const bytes = Buffer.alloc(21);
  bytes.writeInt32BE(17, 0);
  bytes.writeInt16BE(SASL_HANDSHAKE, 4);
  bytes.writeInt16BE(1, 6);
  bytes.writeInt32BE(1, 8);
  bytes.writeInt16BE(-1, 12);
  bytes.writeInt16BE(5, 14);
  bytes.write('PLAIN', 16);
  return bytes;
}

/** The mechanisms in the answer (length, correlation, error, names): none where the broker knows no logins. */
function mechanisms(answer: Buffer | undefined): string[] {
  const names: string[] = [];
  const [countAt, firstAt] = [10, 14];
  if (answer === undefined || answer.length < firstAt) return names;
  let at = firstAt;
  for (let left = answer.readInt32BE(countAt); left > 0 && at + 2 <= answer.length; left--) {
    const end = at + 2 + answer.readUInt16BE(at);
    names.push(answer.toString('utf8', at + 2, end));
    at = end;
  }
  return names;
}
