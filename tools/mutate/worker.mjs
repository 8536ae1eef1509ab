// The other end of mutate.ts: keeps a test runner warm in a copy of the tree, and says of each mutant whether a test notices it. It is a process
// of its own, because a mutant may loop for ever; and JavaScript, because hooks that load TypeScript would be inherited by the tests' processes.
// A test that ran out of time is reported as that: it may have been the machine.

import { writeFileSync } from 'node:fs';
import { createVitest } from 'vitest/node';
import { distancesOf } from './reaches.mjs';

const distance = distancesOf(process.argv[2]);
const vitest = await createVitest('test', {
  root: process.argv[2],
  watch: false,
  reporters: [{}],
  bail: 1,
  maxWorkers: 1,
  isolate: false, // each run loads the sources once for all of its tests, and anew for the next run
  testTimeout: 0, // a busy machine is slow; what loops runs into the limit of a mutant
  silent: true,
});

process.on('message', (job) => void run(job));
process.send?.('ready');

/** @param {import('./mutate.ts').Job} job */
async function run({ file, text, original, tests }) {
  try {
    if (file !== null) change(file, text);
    let ran = 0;
    for (const specifications of await nearestFirst(file, tests)) {
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
      ran += specifications.length;
      // Of all tests that ever ran here: those of this run count.
      const failed = testModules.find(
        (module) => specifications.some((one) => one.moduleId === module.moduleId) && !module.ok(),
      );
      if (!failed && unhandledErrors.length === 0) continue;
      const test = failed && [...failed.children.allTests('failed')][0];
      const errors = [...(test?.result().errors ?? failed?.errors() ?? []), ...unhandledErrors];
      const timedOut = errors.some((error) => /timed out in \d+ms/.test(String(error?.message)));
      process.send?.({ by: test?.fullName ?? failed?.moduleId ?? String(unhandledErrors[0]), ran, timedOut });
      return;
    }
    process.send?.({ by: null, ran, timedOut: false });
  } finally {
    if (file !== null) change(file, original);
  }
}

/**
 * The tests that reach the file, in up to three runs: those that are called like it, which notice most of what changes in it; those that import it, or
 * an index that does; and the others.
 *
 * @param {string | null} file
 * @param {readonly string[]} tests
 */
async function nearestFirst(file, tests) {
  const all = await vitest.globTestSpecifications([...tests]);
  if (file === null) return all.length > 0 ? [all] : [];
  const own = file.replace(/\.ts$/, '');
  const isOwn = (/** @type {string} */ test) => test.startsWith(own) && /^[.-]/.test(test.slice(own.length));
  const runs = /** @type {(typeof all)[]} */ ([[], [], []]);
  for (const one of all) {
    const imports = distance(one.moduleId, file);
    if (isOwn(one.moduleId)) runs[0].push(one);
    else if (imports <= 2) runs[1].push(one);
    else if (imports < Infinity) runs[2].push(one);
  }
  return runs.filter(({ length }) => length > 0);
}

function change(file, text) {
  writeFileSync(file, text);
  vitest.invalidateFile(file);
}
