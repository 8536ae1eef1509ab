// `npm run torture`: hostile calls, damaged files, kills and folders that lie, and a table of bars with what was measured.
// `npm run torture -- hostile-calls` runs one part; `--short` the form that takes seconds, `--json` prints the rows as an object.
// Every file of `parts/` exports a `part`: a new one is found by its being there.

import { readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Part, Row } from './part.ts';

const folder = new URL('./parts/', import.meta.url);
const parts: Part[] = [];
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
  const { part } = (await import(new URL(file, folder).href)) as { part?: Part };
  if (!part) throw new Error(`${file}: a file of parts/ exports its part`);
  parts.push(part);
}

const args = process.argv.slice(2);
const flags = ['--short', '--json', '--list'];
const names = args.filter((a) => !a.startsWith('--'));
const unknown =
  names.find((name) => !parts.some((part) => part.name === name)) ??
  args.find((a) => a.startsWith('--') && !flags.includes(a));
if (unknown) {
  const known = [...parts.map((part) => part.name), ...flags].join(', ');
  process.stderr.write(`torture: there is no ${unknown}; there are ${known}\n`);
  process.exit(2);
}
if (args.includes('--list')) {
  for (const { name, about } of parts) console.log(`${name.padEnd(16)} ${about}`);
  process.exit(0);
}

const long = !args.includes('--short');
const results: Record<string, Row[]> = {};
for (const part of parts) {
  if (names.length > 0 && !names.includes(part.name)) continue;
  process.stderr.write(`${part.name}: ${part.about}\n`);
  const start = performance.now();
  results[part.name] = await part.run(long);
  process.stderr.write(`${part.name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}

const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim()}, Node ${process.version}`;
if (args.includes('--json')) console.log(JSON.stringify({ machine, long, results }, null, 2));
else {
  console.log(`\n${machine}, ${long ? 'in full' : 'the short form'}\n`);
  console.log('| | bar | wanted | measured | |\n|---|---|---|---|---|');
  for (const [name, rows] of Object.entries(results)) {
    for (const { bar, wanted, measured, met } of rows)
      console.log(`| ${name} | ${bar} | ${wanted} | ${measured} | ${met ? 'met' : 'NOT MET'} |`);
  }
}
if (Object.values(results).some((rows) => rows.some((row) => !row.met))) process.exitCode = 1;
