// The program of a worker thread. What it is told when it starts: the backend, where one was chosen.

import type { BackendName, Order, Report } from '../messages.ts';
import { beginComputing } from './host.ts';

const { parentPort: port, workerData } = globalThis.process.getBuiltinModule('node:worker_threads');
if (!port) throw new Error('worker.js is the program of a worker thread; createEngine starts it');
const { backend } = Object(workerData) as { readonly backend?: BackendName };

const post = (report: Report): void => port.postMessage(report);
const early: Order[] = [];
let receive = (order: Order): void => void early.push(order);
port.on('message', (order: Order) => receive(order));

const host = await beginComputing(post, backend);
receive = (order) => host.receive(order);
for (const order of early) receive(order);
