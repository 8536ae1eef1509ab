// What the built package gives to those who install it. Needs dist/, as `npm test` makes it.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './snippets.ts';

test.each(['analysis', 'pipelines'])('unrolled/%s gives what unrolled gives, not a copy of it', (door) => {
  const program = `
    const [all, part] = [await import('unrolled'), await import('unrolled/${door}')];
    const names = Object.keys(part);
    console.log(names.length > 10, names.filter((name) => part[name] !== all[name]));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    cwd: root,
  });
  expect([stdout, stderr]).toEqual(['true []\n', '']);
});
