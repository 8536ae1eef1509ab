// What the addon asks of the C library that it meets: on Linux one file serves glibc and musl, old and new.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../snippets.ts';

const addon = join(root, 'packages/unrolled/build/unrolled.node');

/** Names with two underscores are a C library's own affair; these are in all of them. */
const everywhere = /^__(tls_get_addr|stack_chk_fail|stack_chk_guard)$/;

test('no function that only one C library has is asked for', ({ skip }) => {
  if (process.platform !== 'linux' || !existsSync(addon)) return skip('there is no addon for Linux here');
  const { status, stdout } = spawnSync('nm', ['-D', '--undefined-only', addon], { encoding: 'utf8' });
  if (status !== 0) return skip('there is no nm');
  const names = stdout.match(/\S+$/gm) ?? [];
  expect(names).toContain('malloc');
  expect(names.filter((name) => /^__|@/.test(name) && !everywhere.test(name))).toEqual([]);
});
