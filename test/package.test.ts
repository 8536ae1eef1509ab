// What the built package gives to those who install it. Needs dist/, as `npm test` makes it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportsOf } from './exports.ts';
import { root } from './snippets.ts';

const { doors } = (await import(join(root, 'tools/doors.mjs'))) as { doors: string[] };

const run = (program: string) => {
  const options = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8', cwd: root });
  return [stdout, stderr];
};

test('package.json has the doors of the build', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages/unrolled/package.json'), 'utf8'));
  expect(Object.keys(exports)).toEqual(['.', ...doors.map((door) => `./${door}`)]);
});

test('what is at two doors is the same at both, and all doors stand on one copy of the library', () => {
  const program = `
    const main = await import('unrolled');
    const doors = await Promise.all(${JSON.stringify(doors)}.map((door) => import('unrolled/' + door)));
    const { metrics, pipelines } = Object.fromEntries(doors.map((door, n) => [${JSON.stringify(doors)}[n], door]));
    const both = doors.flatMap((door) => Object.keys(door).filter((name) => name in main && main[name] !== door[name]));
    let error;
    try { metrics.bleu(1, 2); } catch (caught) { error = caught; }
    console.log(doors.every((door) => Object.keys(door).length > 5), both, pipelines.openRun === main.openRun, error instanceof main.UnrolledError);`;
  expect(run(program)).toEqual(['true [] true true\n', '']);
});

test.each(['', ...doors])('unrolled/%s gives the values that its sources name, and no others', (door) => {
  const names = exportsOf(join(root, 'packages/unrolled/src', door, 'index.ts')).map(({ name }) => name);
  const program = `console.log(JSON.stringify(Object.keys(await import('${door ? `unrolled/${door}` : 'unrolled'}'))));`;
  const [stdout, stderr] = run(program);
  const values: string[] = JSON.parse(stdout);
  expect([values.length > 5, values.filter((name) => !names.includes(name)), stderr]).toEqual([true, [], '']);
});
