// What a build of the kernels computes, as digests: for every case of the kernel tests a SHA-256 of all outputs of some shapes. tools/cross-check.mjs
// runs it for another machine's build under an emulator, and compares the digests with those of this machine.
//
//   node --import ./tools/ts.mjs test/kernels/digests.ts <addon> <simd> <threads> <shapes a case>

import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { Heap } from '../../packages/unrolled/src/backend/kernel/heap.ts';
import { KernelBackend } from '../../packages/unrolled/src/backend/kernel/kernel-backend.ts';
import { loadNative } from '../../packages/unrolled/src/backend/kernel/native.ts';
import { bits, Draw } from './builds.ts';
import { cases } from './cases.ts';
import { imageCases } from './image-cases.ts';
import { recurrentCases } from './recurrent-cases.ts';

const [addon, simd, threads, shapes] = process.argv.slice(2);
const heap = new Heap();
const kernels = loadNative(pathToFileURL(addon).href, heap, { simd, threads: Number(threads) });
const backend = new KernelBackend(kernels, heap);
const digests: Record<string, string> = {};
for (const [name, draws] of [...cases, ...imageCases, ...recurrentCases]) {
  const hash = createHash('sha256');
  for (let seed = 1; seed <= Number(shapes); seed++)
    for (const output of draws(new Draw(seed * 7919 + name.length, seed === 1))(backend)) hash.update(bits(output));
  digests[name] = hash.digest('hex');
}
console.log(JSON.stringify(digests));
