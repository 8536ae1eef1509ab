// The script of all workers; its name says which it is.

import { inspectorCalls } from './inspector.ts';
import { lessonCalls } from './lessons.ts';
import { Served, type Port } from './serve.ts';
import { Trainer } from './trainer.ts';

const port = globalThis as unknown as Port & { readonly name: string };

if (port.name === 'trainer') {
  const trainer = new Trainer((event) => port.postMessage({ event }));
  trainer.served = new Served(port, trainer.calls);
} else if (port.name === 'lessons') {
  new Served(
    port,
    lessonCalls((event) => port.postMessage({ event })),
  );
} else {
  new Served(port, inspectorCalls());
}
