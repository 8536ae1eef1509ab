// Before and after each test file that shares its process with others (vitest.config.ts): a file that leaves a change behind fails itself,
// not the files that happen to run after it.

import assert from 'node:assert/strict';
import { afterAll, vi } from 'vitest';
import { currentBackend } from '../packages/unrolled/src/backend/load.ts';
import { zeros } from '../packages/unrolled/src/tensor/create.ts';

/** All but what sharp sets when it is loaded. */
const environment = () => ({ ...process.env, VIPSHOME: undefined });

const before = {
  backend: currentBackend(),
  dtype: zeros([1]).dtype,
  folder: process.cwd(),
  environment: environment(),
};

afterAll(() => {
  assert.equal(currentBackend(), before.backend, 'the tests of this file leave another backend behind');
  assert.equal(zeros([1]).dtype, before.dtype, 'the tests of this file leave another default dtype behind');
  assert.equal(process.cwd(), before.folder, 'the tests of this file leave another working directory behind');
  assert.deepEqual(environment(), before.environment); // a difference is an environment variable left behind
  assert(!vi.isFakeTimers(), 'the tests of this file leave fake timers behind');
});
