/** What has to be ended, last begun first. */
export interface Endings {
  /** Notes how something ends that was just begun. */
  add(end: () => Promise<void>): void;
  /** Ends everything; one that fails does not keep the others. Throws the first error when all are through. */
  run(): Promise<void>;
}

export function createEndings(): Endings {
  const noted: (() => Promise<void>)[] = [];
  return {
    add(end) {
      noted.push(end);
    },
    async run() {
      const errors: unknown[] = [];
      for (let end = noted.pop(); end !== undefined; end = noted.pop()) {
        try {
          await end();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
