import { watchServices, type WatchOptions } from './service-watch.js';

function limits(signal: AbortSignal): WatchOptions {
  return { everyMs: 1, withinMs: 50, signal };
}

/** Answers as told, then ends the watch. */
async function tellings(answers: readonly boolean[]): Promise<string[]> {
  const told: string[] = [];
  const end = new AbortController();
  const left = [...answers];
  const ask = (): Promise<unknown> => {
    const answer = left.shift();
    if (answer === undefined) end.abort();
    return answer === false ? Promise.reject(new Error('connection refused')) : Promise.resolve();
  };
  await watchServices([{ name: 'MongoDB', ask }], (message) => told.push(message), limits(end.signal));
  return told;
}

describe('a watch over the services of a worker', () => {
  it('says nothing while they answer', async () => {
    expect(await tellings([true, true, true])).toEqual([]);
  });

  it('tells an outage once, and its end', async () => {
    expect(await tellings([true, false, false, false, true, true])).toEqual([
      'MongoDB does not answer; work goes on when it is back, nothing is lost',
      'MongoDB is back',
    ]);
  });

  it('takes no answer at all for an outage', async () => {
    const told: string[] = [];
    const end = new AbortController();
    const ask = (): Promise<unknown> => {
      if (told.length > 0) end.abort();
      return new Promise(() => undefined);
    };
    await watchServices([{ name: 'MongoDB', ask }], (message) => told.push(message), limits(end.signal));
    expect(told).toEqual(['MongoDB does not answer; work goes on when it is back, nothing is lost']);
  });

  it('tells each of two outages', async () => {
    expect(await tellings([false, true, false, true])).toHaveLength(4);
  });

  it('takes no answer after its end for an outage', async () => {
    const told: string[] = [];
    const end = new AbortController();
    const ask = (): Promise<unknown> => {
      end.abort();
      return Promise.reject(new Error('connection closed'));
    };
    await watchServices([{ name: 'Temporal', ask }], (message) => told.push(message), limits(end.signal));
    expect(told).toEqual([]);
  });
});
