/** Resolves at the first Ctrl-C, end signal or closed terminal. Another one ends the process at once. */
export function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let isInterrupted = false;
    const interrupt = (): void => {
      if (isInterrupted) process.exit(INTERRUPTED);
      isInterrupted = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  });
}

/** As shells have it for a program that Ctrl-C has ended. */
export const INTERRUPTED = 130;
