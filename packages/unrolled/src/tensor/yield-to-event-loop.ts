// Reading a value is where a training loop lets others have a turn: timers, signals, a page's redraw, the collector's finalizers.

const interval = 12; // ms of work between two turns: a page still redraws at its full rate
let last = 0;

interface EventLoop {
  setImmediate?: (callback: () => void) => unknown;
  setTimeout: (callback: () => void, ms: number) => unknown;
  MessageChannel?: new () => { readonly port1: Port; readonly port2: Port };
  performance: { now(): number };
}
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: null): void;
  close(): void;
}
const loop = globalThis as unknown as EventLoop;

/** Resolves at once, or after a turn of the event loop when the last one was more than 12 ms ago. */
export async function yieldToEventLoop(): Promise<void> {
  const now = loop.performance.now();
  if (now - last < interval) return;
  await new Promise<void>(takeTurn);
  last = loop.performance.now();
}

/** Pages and their workers delay a timer that a timer set by 4 ms, a quarter of the time between two turns here; a message is not delayed. */
function takeTurn(resolve: () => void): void {
  if (loop.setImmediate) loop.setImmediate(resolve);
  else if (loop.MessageChannel) {
    const { port1, port2 } = new loop.MessageChannel();
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(null);
  } else loop.setTimeout(resolve, 0);
}
