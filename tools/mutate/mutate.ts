// `npm run mutate`: makes small mistakes in the sources, one at a time, and counts how many of them a test notices.
//
//   npm run mutate                                 200 mutants over all areas
//   npm run mutate -- --count 40 --area trainer    of one area
//   npm run mutate -- --seed 7 --kind guard        other ones; only guards, boundaries, flips or restored fields
//
// Works in a copy of the tree (build/mutate), so that nothing of yours is changed, and you can go on meanwhile. Mutants that no test can notice,
// because they mean the same, stand with their reason in equivalent.json and are not drawn.

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../../packages/unrolled/src/random.ts';
import { type Area, areas } from './areas.ts';
import { type Site, sitesOf } from './sites.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copy = join(root, 'build', 'mutate');
/** ms for one mutant, or five times what its area's tests take without one: a mutant that takes longer loops, and that is noticed. */
let longest = 90_000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    area: { type: 'string' },
    kind: { type: 'string' },
    json: { type: 'string' },
  },
});

/** Mutants that mean the same: `file`, the line as it is and as the mutant has it, and why. */
const equivalent = JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8')) as readonly {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly why: string;
}[];

/** What worker.mjs is asked. */
export interface Job {
  /** The file to change, absolute, and its text; null to change nothing. */
  readonly file: string | null;
  readonly text: string;
  readonly original: string;
  /** Parts of the paths of test files. */
  readonly tests: readonly string[];
}

interface Verdict {
  /** The first test that failed, or null. */
  readonly by: string | null;
  readonly ran: number;
  /** Whether it failed by taking too long, or by the end of its process: a mutant can do that, and a busy machine too. */
  readonly timedOut: boolean;
}

interface Outcome {
  readonly area: string;
  readonly site: Site;
  readonly by: string | null;
}

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);
rmSync(copy, { recursive: true, force: true });
for (const file of files.filter((path) => !/^(docs\/images|benchmarks\/results)/.test(path))) {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  cpSync(join(root, file), join(copy, file));
}
cpSync(join(root, 'packages/unrolled/build'), join(copy, 'packages/unrolled/build'), { recursive: true, force: true });

const isEquivalent = (e: (typeof equivalent)[number], s: Site) =>
  e.file === s.file && e.before === s.before.trim() && e.after === s.after.trim();
for (const e of equivalent) {
  const sites = files.includes(e.file) ? sitesOf(e.file, readFileSync(join(copy, e.file), 'utf8')) : [];
  if (!sites.some((site) => isEquivalent(e, site))) console.log(`equivalent.json: ${e.file} has no mutant ${e.after}`);
}

let runner: ChildProcess | null = null;
const chosen = areas.filter(({ name }) => values.area === undefined || name === values.area);
if (chosen.length === 0)
  throw new Error(`there is no area ${values.area}; there are ${areas.map((a) => a.name).join(', ')}`);
const outcomes: Outcome[] = [];
const started = performance.now();

for (const area of chosen) {
  const begun = performance.now();
  const base = await judge({ file: null, text: '', original: '', tests: area.tests });
  longest = Math.max(90_000, 5 * (performance.now() - begun));
  if (base.by !== null || base.ran === 0) throw new Error(`${area.name}: a test fails without a mutant: ${base.by}`);
  for (const site of draw(area, Math.ceil(Number(values.count) / chosen.length))) {
    const path = join(copy, site.file);
    const original = readFileSync(path, 'utf8');
    const lines = original.split('\n');
    lines[site.line - 1] = site.after;
    const by = await noticedBy({ file: path, text: lines.join('\n'), original, tests: area.tests });
    outcomes.push({ area: area.name, site, by });
    const mark = by === null ? 'SURVIVES' : 'noticed ';
    const minutes = ((performance.now() - started) / 60_000).toFixed(1);
    console.log(
      `${mark} ${site.kind.padEnd(8)} ${site.file}:${site.line}  ${site.after.trim() || `without: ${site.before.trim()}`}   (${outcomes.length}, ${minutes} min)`,
    );
  }
}
stop();
report();

/** So many mutants of an area, guards and what is like them as often as plain flips. */
function draw(area: Area, count: number): Site[] {
  const random = new Random(Number(values.seed)).fork(area.name);
  const all = files
    .filter((file) => area.sources.test(file) && file.endsWith('.ts') && !/\.test(-d)?\.ts$|\/index\.ts$/.test(file))
    .flatMap((file) => sitesOf(file, readFileSync(join(copy, file), 'utf8')))
    .filter(({ kind }) => values.kind === undefined || kind === values.kind)
    .filter((site) => !equivalent.some((e) => isEquivalent(e, site)));
  const flips = shuffled(all.filter(({ kind }) => kind === 'flip'));
  const others = shuffled(all.filter(({ kind }) => kind !== 'flip'));
  const half = Math.min(flips.length, Math.floor(count / 2));
  return [...flips.slice(0, half), ...others.slice(0, count - half)];

  function shuffled(sites: Site[]): Site[] {
    for (let n = sites.length - 1; n > 0; n--) {
      const k = Math.floor(random.uniform() * (n + 1));
      [sites[n], sites[k]] = [sites[k], sites[n]];
    }
    return sites;
  }
}

/** The first test that fails because of a mutant, or null. Where one ran out of time, all tests have to pass without the mutant right after. */
async function noticedBy(job: Job): Promise<string | null> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const { by, timedOut } = await judge(job);
    if (job.file !== null) writeFileSync(job.file, job.original); // where the runner was ended, it could not
    if (!timedOut) return by;
    const begun = performance.now();
    const without = await judge({ ...job, file: null });
    if (without.by === null && performance.now() - begun < longest / 2) return by;
  }
  throw new Error(
    `the machine is too busy to judge a mutant of ${job.file}: its tests take too long without it as well`,
  );
}

async function judge(job: Job): Promise<Verdict> {
  const process_ = await running();
  return await new Promise((resolve) => {
    const timer = setTimeout(() => end('took too long'), job.file === null ? 900_000 : longest);
    const onMessage = (verdict: Verdict) => finish(verdict);
    const onExit = () => end('the test runner ended');
    process_.on('message', onMessage);
    process_.on('exit', onExit);
    process_.send(job);
    function end(by: string): void {
      finish({ by, ran: 1, timedOut: true });
      stop();
    }
    function finish(verdict: Verdict): void {
      clearTimeout(timer);
      process_.off('message', onMessage);
      process_.off('exit', onExit);
      resolve(verdict);
    }
  });
}

async function running(): Promise<ChildProcess> {
  if (runner) return runner;
  const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
  const child = fork(worker, [copy], {
    execArgv: [],
    cwd: copy,
    detached: true, // a group of its own, with the processes of its tests
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise((resolve) => child.once('message', resolve));
  runner = child;
  return child;
}

function stop(): void {
  if (runner?.pid !== undefined) {
    try {
      process.kill(-runner.pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
  runner = null;
}

function report(): void {
  const row = (name: string, some: readonly Outcome[]) => {
    const share = (part: readonly Outcome[]) =>
      part.length === 0 ? '–' : `${part.filter(({ by }) => by !== null).length} of ${part.length}`;
    const noticed = some.filter(({ by }) => by !== null).length;
    const guards = some.filter(({ site }) => site.kind !== 'flip');
    return [
      name,
      `${some.length}`,
      `${((100 * noticed) / Math.max(1, some.length)).toFixed(0)} %`,
      share(some.filter(({ site }) => site.kind === 'flip')),
      share(guards),
    ];
  };
  const rows = [
    ['area', 'mutants', 'noticed', 'flips', 'guards, boundaries, restored'],
    ...chosen.map(({ name }) =>
      row(
        name,
        outcomes.filter(({ area }) => area === name),
      ),
    ),
    row('all', outcomes),
  ];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((cells) => cells[c].length)));
  console.log('');
  for (const cells of rows)
    console.log(
      cells
        .map((cell, c) => cell.padEnd(widths[c]))
        .join('  ')
        .trimEnd(),
    );
  const survivors = outcomes.filter(({ by }) => by === null);
  if (survivors.length > 0) console.log('\nsurvivors');
  for (const { site } of survivors)
    console.log(`  ${site.file}:${site.line}\n    - ${site.before.trim()}\n    + ${site.after.trim()}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(outcomes, null, 1)}\n`);
  const worst = chosen.filter(({ name }) => {
    const some = outcomes.filter(({ area }) => area === name);
    return some.filter(({ by }) => by !== null).length < 0.85 * some.length;
  });
  if (worst.length > 0) console.log(`\nbelow 85 %: ${worst.map(({ name }) => name).join(', ')}`);
  process.exitCode = worst.length > 0 ? 1 : 0;
}
