import { createServer } from 'node:net';
import { choosePort } from './free-port.js';
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
