import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A service that is told by POST, keeps every body, and answers `ok`. */
export interface PostReceiver {
  readonly url: string;
  /** With the key of the header, where there is one. */
  readonly posts: { readonly body: string; readonly key: string | undefined }[];
  /** Keeps the next body and never answers. */
  readonly holdNext: () => void;
  readonly close: () => Promise<void>;
}

export async function startPostReceiver(): Promise<PostReceiver> {
  const posts: PostReceiver['posts'] = [];
  let isHeld = false;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const key = request.headers['idempotency-key'];
      posts.push({ body, key: typeof key === 'string' ? key : undefined });
      if (!isHeld) response.end('ok');
      isHeld = false;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    posts,
    holdNext() {
      isHeld = true;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
