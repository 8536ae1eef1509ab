// The program of a worker thread. What it is told when it starts: the backend, where one was chosen.
//
// While a long batch is computed no message comes in by itself. So those who ask whether their callers have left look for messages (`poll`): what is
// cancelled is cancelled at once, everything else is done in its order when the batch is done.
//
// Texts are not written ahead of the engine's thread: of small models it would get more messages than it can pass on, and be late for everything else.

import type { BackendName, Order, Report, Seen } from '../messages.ts';
import { beginComputing, type ComputeHost, turn } from './host.ts';

const {
  parentPort: port,
  receiveMessageOnPort,
  workerData,
} = globalThis.process.getBuiltinModule('node:worker_threads');
if (!port) throw new Error('worker.js is the program of a worker thread; createEngine starts it');
const { backend } = Object(workerData) as { readonly backend?: BackendName };

/** Reports of steps that the engine's thread has not seen, and what waits for it. */
const unseen = { reports: 0, waiting: [] as (() => void)[] };
const mostUnseen = 2;

function post(report: Report): void {
  if (report.type === 'step') unseen.reports++;
  (port as NonNullable<typeof port>).postMessage(report);
}

async function wait(): Promise<void> {
  await turn();
  while (unseen.reports >= mostUnseen) await new Promise<void>((resolve) => unseen.waiting.push(resolve));
}

function seen(): void {
  unseen.reports--;
  for (const resolve of unseen.waiting.splice(0)) resolve();
}

/** Orders that came while something was computed, or before there was a backend. */
const waiting: Order[] = [];
const computing: { host: ComputeHost | null } = { host: null };

function take(order: Order | Seen): void {
  if (order.type === 'seen') return seen();
  if (order.type !== 'cancel') {
    waiting.push(order);
    return;
  }
  const at = waiting.findIndex((one) => one.type === 'begin' && one.job === order.job);
  if (at >= 0) waiting.splice(at, 1);
  else computing.host?.receive(order);
}

function goOn(): void {
  const { host } = computing;
  while (host && waiting.length > 0) host.receive(waiting.shift() as Order);
}

function poll(): void {
  const before = waiting.length;
  for (let next = receiveMessageOnPort(port as NonNullable<typeof port>); next; ) {
    take(next.message as Order | Seen);
    next = receiveMessageOnPort(port as NonNullable<typeof port>);
  }
  if (before === 0 && waiting.length > 0) setImmediate(goOn);
}

port.on('message', (order: Order | Seen) => {
  take(order);
  goOn();
});

// Connections come first: this thread, and those of the kernels which it starts, give way to the one that reads requests and writes answers. Only
// Linux has priorities of threads: elsewhere the call would slow the whole process.
const { platform } = globalThis.process;
const { getPriority, setPriority } = globalThis.process.getBuiltinModule('node:os');
if (platform === 'linux') setPriority(0, Math.min(19, getPriority(0) + 5));

computing.host = await beginComputing(post, backend, poll, wait);
goOn();
