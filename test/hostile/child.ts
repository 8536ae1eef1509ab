// A process that makes hostile calls: `child.ts BACKEND SEED FIRST COUNT`. It writes the number of every call before it makes it, so that whoever
// started it knows which one ended it, and at the end what came of all of them.

import { writeSync } from 'node:fs';
import { useBackend } from 'unrolled';
import { attack } from './calls.ts';

const [backend, seed, first, count] = process.argv.slice(2);
await useBackend(backend as 'native' | 'wasm' | 'reference');
const line = (text: string) => writeSync(1, `${text}\n`);
const outcome = await attack(
  Number(seed),
  Number(first),
  Number(count),
  (index, call) => line(`${index} ${call.replaceAll('\n', ' ')}`),
  (fault) => line(JSON.stringify({ fault })),
);
line(JSON.stringify({ outcome }));
process.exit(0);
