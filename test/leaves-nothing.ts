// Before and after each test file that shares its process with others (vitest.config.ts): a file that leaves a change behind fails itself,
// not the files that happen to run after it.

import { afterAll, expect, vi } from 'vitest';
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
  expect(currentBackend(), 'the current backend after the tests of a file').toBe(before.backend);
  expect(zeros([1]).dtype, 'the default dtype after the tests of a file').toBe(before.dtype);
  expect(process.cwd(), 'the working directory after the tests of a file').toBe(before.folder);
  expect(environment(), 'environment variables after the tests of a file').toEqual(before.environment);
  expect(vi.isFakeTimers(), 'fake timers after the tests of a file').toBe(false);
});
