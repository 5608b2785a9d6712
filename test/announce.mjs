import { clearInterval, setInterval } from 'node:timers';

/** How long a test runs before it is named. */
const LONG_MS = 60_000;

/** A reporter for jest that says which tests are under way for long: of a run that hangs, nobody would know where. */
export default class Announce {
  #running = new Map();
  #timer;

  onRunStart() {
    this.#timer = setInterval(() => {
      for (const [name, startMs] of this.#running) {
        const seconds = Math.round((Date.now() - startMs) / 1_000);
        if (seconds * 1_000 >= LONG_MS) console.error(`for ${seconds} s: ${name}`);
      }
    }, LONG_MS);
    this.#timer.unref();
  }

  onTestFileStart({ path }) {
    this.#running.set(path, Date.now());
  }

  onTestFileResult({ path }) {
    for (const name of this.#running.keys()) if (name.startsWith(path)) this.#running.delete(name);
  }

  onTestCaseStart({ path }, { fullName }) {
    this.#running.set(`${path}: ${fullName}`, Date.now());
  }

  onTestCaseResult({ path }, { fullName }) {
    this.#running.delete(`${path}: ${fullName}`);
  }

  onRunComplete() {
    clearInterval(this.#timer);
  }
}
