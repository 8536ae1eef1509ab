// `npm test`: set up, run every test, and end with one plain line of counts. What follows `--` goes to vitest.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { program, readJson, root, setup } from './setup.mjs';

setup();
const counts = join(root, 'build', `test-counts-${process.pid}.json`);
mkdirSync(join(root, 'build'), { recursive: true });
const [node, vitest] = program('vitest');
const { status } = spawnSync(
  node,
  [vitest, 'run', '--reporter=default', '--reporter=./tools/test-reporter.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, UNROLLED_TEST_COUNTS: counts } },
);
const { passed, failed, skipped } = readJson(counts) ?? { passed: 0, failed: 1, skipped: 0 };
rmSync(counts, { force: true });
const failures = status === 0 ? failed : Math.max(1, failed); // an error outside of tests fails the run too
console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failures > 0 ? 1 : 0;
