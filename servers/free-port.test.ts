import { createServer } from 'node:net';
import { choosePort, withFreePorts } from './free-port.js';
import { ServerError } from './server-error.js';

describe('the port of a server', () => {
  const temporal = { title: 'Temporal', option: '--temporal-port' };

  it('is a free one where any will do', async () => {
    const port = await choosePort(0, temporal);
    expect(port).toBeGreaterThan(0);
    expect(await choosePort(port, temporal)).toBe(port);
  });

  it('is named, with what to do, when another program has it', async () => {
    const port = await choosePort(0, temporal);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const failure: unknown = await choosePort(port, temporal).catch((error: unknown) => error);
    await new Promise((resolve) => other.close(resolve));
    expect(failure).toBeInstanceOf(ServerError);
    expect(failure).toMatchObject({
      message: `Port ${port} for Temporal is in use by another program.`,
      hint: 'Stop the program that uses it, or choose another port: --temporal-port <port> (0 takes a free one).',
    });
  });
});

describe('a server whose port was taken in the last moment', () => {
  const taken = new ServerError(
    'Temporal ended while it was starting:\n  bind: address already in use',
    'Read the log.',
  );

  it('is started again', async () => {
    let starts = 0;
    const start = (): Promise<string> => (++starts < 3 ? Promise.reject(taken) : Promise.resolve('serves'));
    expect(await withFreePorts(start)).toBe('serves');
    expect(starts).toBe(3);
  });

  it('is given up after some tries, and at once where the cause is another one', async () => {
    let starts = 0;
    const failWith = async (error: Error): Promise<number> => {
      starts = 0;
      await withFreePorts(() => (starts++, Promise.reject(error))).catch((thrown: unknown) => {
        expect(thrown).toBe(error);
      });
      return starts;
    };
    expect(await failWith(taken)).toBe(3);
    expect(await failWith(new ServerError('no such file', 'Read the log.'))).toBe(1);
    expect(await failWith(new Error('address already in use'))).toBe(1);
  });
});
