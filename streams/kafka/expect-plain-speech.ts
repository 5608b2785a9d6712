import { connect } from 'node:tls';
import { KafkaError } from './kafka-error.js';
import type { KafkaConnection } from './client.js';

const TIMEOUT_MS = 3_000;

/**
 * A broker that expects TLS only closes the connection of one that does not use it, as it does when it goes down. So it
 * is asked: throws `KafkaError` where the source has no TLS and the broker answers to it.
 */
export async function expectPlainSpeech({ brokers, security }: KafkaConnection): Promise<void> {
  if (security?.tls !== undefined) return;
  for (const broker of brokers) {
    if (await speaksTls(broker)) {
      throw new KafkaError('tls', `${broker} expects TLS, and the source has none (security.tls)`);
    }
  }
}

function speaksTls(broker: string): Promise<boolean> {
  const [host, port] = broker.split(':');
  return new Promise((resolve) => {
    // Nothing is said over this connection, so it does not matter whose certificate it is.
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, timeout: TIMEOUT_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', () => {
      end(true);
    });
    socket.once('error', () => {
      end(false);
    });
    socket.once('timeout', () => {
      end(false);
    });
  });
}
