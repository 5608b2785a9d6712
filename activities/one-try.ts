import type { Clients } from '../units/define.js';

/**
 * From when an attempt has begun to send, its requests have ended after so long. It is less than what another attempt waits
 * before it sends itself: one that slept meanwhile (a machine that stood still, a lost heartbeat) sends nothing beside it.
 */
const TRY_MS = 55_000;

/** The clients of one try, which began at `beganMs` (Unix time): they ask nothing any more when its time is over. */
export function clientsOfTry(clients: Clients, beganMs: number, limitMs = TRY_MS): Clients {
  return {
    ...clients,
    fetch: async (input, init) => {
      const leftMs = beganMs + limitMs - Date.now();
      if (leftMs <= 0) throw new Error(`nothing is sent ${limitMs / 1000} s after the try began`);
      const end = AbortSignal.timeout(leftMs);
      const signal = init?.signal ? AbortSignal.any([init.signal, end]) : end;
      return await clients.fetch(input, { ...init, signal });
    },
  };
}
