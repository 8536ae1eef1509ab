// `.ci/run` with programs that do nothing in place of its own: whichever part fails, the whole fails and names it.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './snippets.ts';

/** What each part calls. */
const parts = {
  setup: 'node tools/setup.mjs',
  check: 'npm run --silent check',
  'package-check': 'npm run --silent package-check -- --short',
  docs: 'npm run --silent docs',
  'cross-check': 'npm run --silent cross-check -- 3',
  'build-wasm': 'node tools/build-wasm.mjs --check',
  sanitize: 'npm run --silent sanitize',
};
const tests = 'npm test --silent';

describe.skipIf(process.platform === 'win32')('.ci/run', () => {
  let clone: string;
  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'unrolled-ci-'));
    mkdirSync(join(clone, '.ci'));
    copyFileSync(join(root, '.ci/run'), join(clone, '.ci/run'));
    // All that it looks for before it begins is there, so nothing is installed.
    for (const name of ['node', 'npm', 'chromium', 'ffmpeg', 'mpirun.openmpi', 'mpirun.mpich', 'uname']) {
      writeFileSync(
        join(clone, name),
        '#!/bin/sh\nwords="${0##*/} $*"\necho "$words"\ncase "$FAILS" in *"<$words>"*) exit 3;; esac\n',
      );
      chmodSync(join(clone, name), 0o755);
    }
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  const run = (fails: readonly string[]) => {
    const { status, stdout } = spawnSync(join(clone, '.ci/run'), {
      encoding: 'utf8',
      env: { PATH: [clone, process.env.PATH].join(delimiter), FAILS: fails.map((words) => `<${words}>`).join('') },
    });
    return { status, stdout };
  };

  test('passes where every part does, and names none', () => {
    const { status, stdout } = run([]);
    expect(status).toBe(0);
    expect(stdout).not.toContain('failed');
    expect(stdout).toMatch(/npm test --silent\n$/);
  });

  test.each([[['setup']], [Object.keys(parts)]])('fails where %j do, names them, and runs all the same', (names) => {
    const { status, stdout } = run(names.map((name) => parts[name as keyof typeof parts]));
    expect(status).toBe(1);
    expect(stdout.split('\n').filter((line) => line.startsWith('failed'))).toEqual(
      names.map((name) => `failed: ${name}`),
    );
    expect(stdout).toMatch(/npm test --silent\n$/);
  });

  test('fails where a test does', () => {
    expect(run([tests]).status).toBe(1);
  });
});
