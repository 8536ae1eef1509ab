// npm run bench:scaling: times one LSTM layer, forward and backward, as T, B or H grows (the works scaling-* of works.mjs), draws
// docs/images/scaling.svg, and checks that time is linear in T and that no size is a cliff (scaling/check.ts has the rules).
//
//   npm run bench:scaling -- [--rounds 5] [--seconds 1]     runs, draws, checks
//   npm run bench:scaling -- --from results.json            draws and checks what `npm run bench -- scaling` has written
//   npm run bench:scaling -- --to image.svg               draws elsewhere
//   npm run bench:scaling -- --least                        takes each size's quickest step, not the median: for a machine with other work

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chart } from './scaling/chart.ts';
import { complaints, type Curve, exponent, type Point } from './scaling/check.ts';

/** Whose curves are drawn; the checks are for our own. */
const contenders = ['native-2', 'wasm-2', 'pytorch-2'];
const titles = { T: 'Longer sequences', B: 'Larger batches', H: 'More hidden units' };

interface Result {
  readonly id: string;
  readonly label: string;
  readonly median?: number;
  readonly least?: number;
  readonly reason?: string;
}
interface Work {
  readonly T: number;
  readonly B: number;
  readonly H: number;
  readonly gflop: number;
}
interface Measured {
  readonly name: string;
  readonly work: Work;
  readonly results: readonly Result[];
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the works and returns the path of what was measured. */
function measure(options: string[]): string {
  const file = join(root, 'benchmarks', 'results', 'scaling.json');
  const script = join(root, 'benchmarks', 'run.mjs');
  const args = [script, 'scaling', '--contenders', contenders.join(','), '--json', file, ...options];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return file;
}

/** One curve a contender over `name`, for those that were timed at every size. */
function curves(name: keyof typeof titles, measured: readonly Measured[]): Curve[] {
  const works = measured.filter((each) => each.name.startsWith(`scaling-${name}-`));
  return contenders.flatMap((id) => {
    const points: Point[] = [];
    let label = id;
    for (const { work, results } of works) {
      const result = results.find((each) => each.id === id);
      const ms = values.least ? result?.least : result?.median;
      if (!result || ms === undefined) continue;
      label = result.label;
      points.push({ size: work[name], ms, tokens: work.T * work.B, gflop: work.gflop });
    }
    return points.length > 1 ? [{ id, label, points }] : [];
  });
}

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string', default: join(root, 'docs', 'images', 'scaling.svg') },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    least: { type: 'boolean', default: false },
  },
});
const file = values.from ?? measure(['--rounds', values.rounds, '--seconds', values.seconds]);
const { measured } = JSON.parse(readFileSync(file, 'utf8')) as { measured: Measured[] };

const panels = [];
const wrong: string[] = [];
for (const name of ['T', 'B', 'H'] as const) {
  const all = curves(name, measured);
  const fixed = measured.find((each) => each.name.startsWith(`scaling-${name}-`))?.work;
  if (!fixed || all.length === 0) throw new Error(`${file} has no times of scaling-${name}`);
  const others = (['T', 'B', 'H'] as const).filter((other) => other !== name);
  panels.push({
    title: `${titles[name]} (${name})`,
    note: others.map((other) => `${other} = ${fixed[other]}`).join(', '),
    lines: all.map(({ label, points }) => ({
      label,
      points: points.map((p) => [p.size, (p.ms * 1000) / p.tokens] as const),
    })),
  });
  for (const curve of all) {
    if (name === 'T') console.log(`${curve.label}: time grows as T^${exponent(curve.points).toFixed(3)}`);
    if (!curve.id.startsWith('pytorch')) wrong.push(...complaints(name, curve));
  }
}
mkdirSync(dirname(values.to), { recursive: true });
writeFileSync(values.to, chart(panels, 'µs per token, forward and backward, one LSTM layer'));
console.log(`drawn: ${values.to}`);
console.log(wrong.length === 0 ? 'linear in T, and no cliff' : wrong.map((line) => `not so: ${line}`).join('\n'));
process.exitCode = wrong.length > 0 ? 1 : 0;
