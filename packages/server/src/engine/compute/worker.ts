// The program of a worker thread. What it is told when it starts: the backend, where one was chosen.
//
// While a long batch is computed no message comes in by itself. So those who ask whether their callers have left look for messages (`poll`): what is
// cancelled is cancelled at once, everything else is done in its order when the batch is done.

import type { BackendName, Order, Report } from '../messages.ts';
import { beginComputing } from './host.ts';

const {
  parentPort: port,
  receiveMessageOnPort,
  workerData,
} = globalThis.process.getBuiltinModule('node:worker_threads');
if (!port) throw new Error('worker.js is the program of a worker thread; createEngine starts it');
const { backend } = Object(workerData) as { readonly backend?: BackendName };

const post = (report: Report): void => port.postMessage(report);
/** Orders that came while something was computed, or before there was a backend. */
const waiting: Order[] = [];

function take(order: Order): void {
  if (order.type !== 'cancel') {
    waiting.push(order);
    return;
  }
  const at = waiting.findIndex((one) => one.type === 'begin' && one.job === order.job);
  if (at >= 0) waiting.splice(at, 1);
  else host?.receive(order);
}

function goOn(): void {
  for (let order = waiting.shift(); order; order = waiting.shift()) host?.receive(order);
}

function poll(): void {
  for (let next = receiveMessageOnPort(port as NonNullable<typeof port>); next; ) {
    take(next.message as Order);
    if (waiting.length === 1) setImmediate(goOn);
    next = receiveMessageOnPort(port as NonNullable<typeof port>);
  }
}

let host: Awaited<ReturnType<typeof beginComputing>> | undefined;
port.on('message', (order: Order) => {
  take(order);
  goOn();
});
host = await beginComputing(post, backend, poll);
goOn();
