import type { T2Context } from './define.js';

/** For units that compute only: whoever asks a service or for a secret is told that it may not. */
export const NO_CLIENTS: T2Context = {
  clients: {
    fetch: () => Promise.reject(new Error('this unit is not declared with defineRemoteT2: it may not ask a service')),
    secret: (name) => {
      throw new Error(`this unit is not declared with defineRemoteT2: it has no secret ${name}`);
    },
  },
  signal: new AbortController().signal,
};
