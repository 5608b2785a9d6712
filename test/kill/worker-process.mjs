/**
 * `ampel worker` as a process of the test: `node worker-process.mjs DIST ROLE...`. It ends when its standard input is
 * closed, so that a killed test leaves none behind.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Not a reason to live on: a worker that ends by itself must be seen to have ended.
process.stdin
  .resume()
  .on('end', () => process.exit(1))
  .unref();

const [dist, ...roles] = process.argv.slice(2);
const main = join(dist, 'cli', 'main.js');
process.argv = [process.argv[0], main, 'worker', '--role', ...roles];
await import(pathToFileURL(main).href);
