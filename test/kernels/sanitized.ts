// The program that tools/sanitize.mjs runs under the sanitizers: the cases of the kernel tests, their random shapes, one addon, one SIMD level.
// Results are compared with the reference as well: what was read before it was written shows as NaN.
//
//   node --import ./tools/ts.mjs test/kernels/sanitized.ts <addon> <simd> <threads> [beginning of a case's name]
//
// Exit codes: 0 all well, 2 the machine has no such SIMD level, anything else a report.

import { pathToFileURL } from 'node:url';
import { ReferenceBackend } from '../../packages/unrolled/src/backend/reference/reference.ts';
import { BackendError } from '../../packages/unrolled/src/errors.ts';
import { Draw } from './builds.ts';
import { cases } from './cases.ts';
import { guardedBackend } from './guarded.ts';
import { recurrentCases } from './recurrent-cases.ts';

const shapesPerCase = 40;
const [addon, simd, threads, beginning = ''] = process.argv.slice(2);
const reference = new ReferenceBackend();

function load(): ReturnType<typeof guardedBackend> {
  try {
    return guardedBackend(pathToFileURL(addon), simd, Number(threads));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

const backend = load();
let shapes = 0;
for (const [name, draws] of [...cases, ...recurrentCases]) {
  if (!name.startsWith(beginning)) continue;
  console.log(name); // the last line before a report
  for (let seed = 1; seed <= shapesPerCase; seed++, shapes++) {
    // The first is large, which threads share: it is the only one worth running on several.
    if (Number(threads) > 1 && seed > 1) break;
    const run = draws(new Draw(seed * 7919 + name.length, seed === 1));
    const where = `${name}, seed ${seed}, ${simd}, threads ${threads}`;
    const wanted = run(reference);
    for (const [k, got] of run(backend).entries()) {
      const at = got.findIndex((x, i) => Number.isNaN(x) && !Number.isNaN(wanted[k][i]));
      if (at < 0) continue;
      console.error(`${where}: output ${k}, element ${at} is NaN: computed from memory that nobody wrote`);
      process.exit(1);
    }
  }
}
console.log(shapes);
