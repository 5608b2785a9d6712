import type { Clients } from '../units/define.js';

/** The outside world for T3 units. Secrets come from `AMPEL_SECRET_<NAME>` and are read where they are used. */
export function outsideClients(env: NodeJS.ProcessEnv = process.env): Clients {
  return {
    fetch: globalThis.fetch,
    secret(name) {
      const value = env[`AMPEL_SECRET_${name.toUpperCase()}`];
      if (value === undefined)
        throw new Error(`secret "${name}" is not set: AMPEL_SECRET_${name.toUpperCase()} is missing`);
      return value;
    },
  };
}
