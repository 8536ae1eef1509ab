// Reading a value is where a training loop lets others have a turn: timers, signals, a page's redraw, the collector's finalizers.

const interval = 12; // ms of work between two turns: a page still redraws at its full rate
let last = 0;

interface EventLoop {
  setImmediate?: (callback: () => void) => unknown;
  setTimeout: (callback: () => void, ms: number) => unknown;
  performance: { now(): number };
}
const loop = globalThis as unknown as EventLoop;

/** Resolves at once, or after a turn of the event loop when the last one was more than 12 ms ago. */
export async function yieldToEventLoop(): Promise<void> {
  const now = loop.performance.now();
  if (now - last < interval) return;
  await new Promise<void>((resolve) => {
    if (loop.setImmediate) loop.setImmediate(resolve);
    else loop.setTimeout(resolve, 0);
  });
  last = loop.performance.now();
}
