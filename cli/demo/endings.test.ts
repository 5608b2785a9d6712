import { createEndings } from './endings.js';

describe('the endings of what the demo began', () => {
  it('come in the opposite order, as workers need servers to the last', async () => {
    const ended: string[] = [];
    const endings = createEndings();
    for (const name of ['servers', 'store', 'workers']) {
      endings.add(async () => {
        await Promise.resolve();
        ended.push(name);
      });
    }
    await endings.run();
    await endings.run();
    expect(ended).toEqual(['workers', 'store', 'servers']);
  });

  it('are all gone through where one fails, which is told at the end', async () => {
    const ended: string[] = [];
    const endings = createEndings();
    endings.add(() => {
      ended.push('servers');
      return Promise.resolve();
    });
    endings.add(() => Promise.reject(new Error('the store is away')));
    await expect(endings.run()).rejects.toThrow('the store is away');
    expect(ended).toEqual(['servers']);
  });
});
