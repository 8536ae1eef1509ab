// What the built package gives to those who install it. Needs dist/, as `npm test` makes it.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './snippets.ts';

test('unrolled/analysis gives what unrolled gives, not a copy of it', () => {
  const program = `
    const [all, analysis] = [await import('unrolled'), await import('unrolled/analysis')];
    const names = Object.keys(analysis);
    console.log(names.length > 20, names.filter((name) => analysis[name] !== all[name]));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    cwd: root,
  });
  expect([stdout, stderr]).toEqual(['true []\n', '']);
});
