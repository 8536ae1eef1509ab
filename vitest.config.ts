// Tests import the packages' sources, so `npx vitest run <file>` needs no build. What runs the command as a process uses dist/.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@unrolled\/convert$/, replacement: source('./packages/convert/src/index.ts') },
      { find: /^unrolled$/, replacement: source('./packages/unrolled/src/index.ts') },
      { find: /^unrolled\/(\w+)$/, replacement: source('./packages/unrolled/src/$1/index.ts') },
    ],
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    // What tests train is nothing that this user's own state has to remember.
    env: { UNROLLED_STATE: join(tmpdir(), 'unrolled-test-state') },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Kernels bring their own threads: one process per core is enough.
    maxWorkers: '100%',
  },
});
