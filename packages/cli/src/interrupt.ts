// Ctrl-C, and what `kill` and a closed terminal send: the first asks the command to save and leave, the second leaves at once.

/** Thrown by a command that was interrupted, when everything is saved. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly result: object;

  constructor(result: object) {
    super('interrupted');
    this.result = result;
  }
}

/** Ends a process of several whose error is told by another one. */
export class ToldElsewhere extends Error {
  override name = 'ToldElsewhere';
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `body` with a signal that is aborted by the first interruption. `say` tells the person that it was heard. */
export async function interruptible<R>(say: () => void, body: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const controller = new AbortController();
  const heard = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    say();
  };
  for (const signal of signals) process.on(signal, heard);
  try {
    return await body(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, heard);
  }
}
