// Tests import the packages' sources, so `npx vitest run <file>` needs no build. What runs the command as a process uses dist/.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const files = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'];

/**
 * Test files that get a process of their own: what they leave behind or measure is the process. The others share one per worker, so that the
 * sources are evaluated once, and restore what they change: `test/leaves-nothing.ts` looks.
 */
const alone = [
  'test/browser/browser.test.ts',
  'test/cli.test.ts',
  'test/{examples,kill,memory,mpi,package,snippets}.test.ts',
  'packages/unrolled/src/backend/load.test.ts',
];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@unrolled\/convert$/, replacement: source('./packages/convert/src/index.ts') },
      { find: /^@unrolled\/server$/, replacement: source('./packages/server/src/index.ts') },
      { find: /^@unrolled\/server\/node$/, replacement: source('./packages/server/src/node.ts') },
      { find: /^unrolled$/, replacement: source('./packages/unrolled/src/index.ts') },
      { find: /^unrolled\/(\w+)$/, replacement: source('./packages/unrolled/src/$1/index.ts') },
    ],
  },
  test: {
    // What tests train is nothing that this user's own state has to remember, and what the command prints is English wherever they run.
    env: { UNROLLED_STATE: join(tmpdir(), 'unrolled-test-state'), LC_ALL: '', LC_MESSAGES: '', LANG: 'C.UTF-8' },
    testTimeout: 60_000,
    // What a page comes to show is waited for as long as a slow machine may take.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
    // Kernels bring their own threads: one process per core is enough.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: files,
          exclude: alone,
          isolate: false,
          setupFiles: ['test/leaves-nothing.ts'],
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
