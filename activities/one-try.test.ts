import type { Clients } from '../units/define.js';
import { clientsOfTry } from './one-try.js';

/** Answers nothing until it is told to stop. */
function silent(): { readonly clients: Clients; asked: number } {
  const receiver = { asked: 0 };
  const clients: Clients = {
    secret: (name) => `the ${name}`,
    fetch: (_input, init) => {
      receiver.asked++;
      return new Promise((_resolve, reject) => {
        const { signal } = init ?? {};
        signal?.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      });
    },
  };
  return Object.assign(receiver, { clients });
}

describe('the clients of one try', () => {
  it('send nothing once its time is over, as after a sleep of the machine', async () => {
    const receiver = silent();
    const late = clientsOfTry(receiver.clients, Date.now() - 60_000);
    await expect(late.fetch('http://receiver.example/')).rejects.toThrow('nothing is sent 55 s after the try began');
    expect(receiver.asked).toBe(0);
  });

  it('break off what is under way at the end of its time', async () => {
    const receiver = silent();
    const short = clientsOfTry(receiver.clients, Date.now(), 20);
    const patient = AbortSignal.timeout(60_000);
    await expect(short.fetch('http://receiver.example/', { signal: patient })).rejects.toThrow('due to timeout');
    expect(receiver.asked).toBe(1);
  });

  it('still heed what the unit says, and know its secrets', async () => {
    const receiver = silent();
    const clients = clientsOfTry(receiver.clients, Date.now());
    const stop = AbortSignal.abort(new Error('the unit has waited long enough'));
    const told = new AbortController();
    const asked = clients.fetch('http://receiver.example/', { signal: told.signal });
    told.abort(stop.reason);
    await expect(asked).rejects.toThrow('long enough');
    expect(clients.secret('key')).toBe('the key');
  });
});
