import { startReceiver, type Receiver } from './receiver.js';

let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(() => receiver.stop());

async function post(key: string | undefined, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return (await fetch(receiver.url, { method: 'POST', headers, body })).status;
}

describe('the receiver of the demo', () => {
  it('counts the reactions it is told of, by key, so that one that came twice is seen', async () => {
    expect(await post('DEMO/new-candidate/1', '{"type":"ampel.reaction"}')).toBe(200);
    expect(await post('DEMO/new-candidate/2', '{"type":"ampel.reaction"}')).toBe(200);
    expect(await post('DEMO/new-candidate/2', '{"type":"ampel.reaction"}')).toBe(200);
    expect(Object.fromEntries(receiver.received)).toEqual({ 'DEMO/new-candidate/1': 1, 'DEMO/new-candidate/2': 2 });
  });

  it('refuses what is no reaction: without a key, or no JSON', async () => {
    expect(await post(undefined, '{}')).toBe(400);
    expect(await post('DEMO/new-candidate/1', 'hello')).toBe(400);
    expect(receiver.received.size).toBe(0);
  });
});
