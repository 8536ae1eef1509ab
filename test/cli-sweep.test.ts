// `unrolled sweep` as a person meets it: what it prints and leaves, what it refuses, and what becomes of it when its processes are killed.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { launchers } from '../benchmarks/mpi/jobs.ts';
import { indexed, ranksOfJob } from '../benchmarks/sweep/engines.ts';
import { faults, type FaultsRequest, undisturbed } from '../benchmarks/sweep/faults.ts';
import { self } from '../packages/cli/src/run-folder/lock.ts';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const at = workFolder('sweep');
const command = 'train text text.txt --batch 4 --seq-length 10 --steps 8 --eval-every 2';
const write = (name: string, content: object) => {
  mkdirSync(at(join(name, '..')), { recursive: true });
  writeFileSync(at(name), JSON.stringify(content));
};
const read = (path: string) => JSON.parse(readFileSync(at(path), 'utf8'));

beforeAll(async () => {
  writeFileSync(at('text.txt'), 'the cat sat on the mat. '.repeat(60));
  write('grid.json', { command, parameters: { hidden: [4, 8], lr: [0.001, 0.01] }, method: 'grid' });
  const { code, err } = await unrolled('sweep', 'grid.json');
  if (code !== 0) throw new Error(err);
});

describe('a grid', () => {
  test('shows each trial, all of them with the best first, and what to type next', async () => {
    const { code, out, err } = await unrolled('sweep', 'grid.json', '--out', 'shown');
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('unrolled: sweep of 4 trials, grid');
    expect(err).toMatch(/^trial 3 {2}loss \d\.\d{4} {2}hidden 8 {2}lr 0\.01$/m);
    expect(err).toMatch(/^trial +loss +hidden +lr +steps +state$/m);
    expect(err).toContain('sweep complete   4 trials: 4 finished');
    expect(err).toContain(`npx unrolled ${command} --hidden 8 --lr 0.01`);
    expect(err).toContain('npx unrolled eval shown/trials/003');
  });

  test('leaves a run for each trial, the one that the training command makes', async () => {
    expect(readdirSync(at('sweeps/grid/trials'))).toEqual(['000', '001', '002', '003']);
    const words = read('sweeps/grid/results.json').trials[2].command.split(' ').slice(1);
    expect((await unrolled(...words, '--out', 'alone')).code).toBe(0);
    for (const file of ['model.safetensors', 'metrics.jsonl', 'config.json'])
      expect(readFileSync(at(`alone/${file}`)).equals(readFileSync(at(`sweeps/grid/trials/002/${file}`))), file).toBe(
        true,
      );
  });

  test('leaves results as JSON, CSV and a page, and prints them with --json', async () => {
    const results = read('sweeps/grid/results.json');
    expect(results).toMatchObject({ format: 'unrolled sweep results', complete: true, metric: 'loss', best: 3 });
    expect(results.trials[3]).toMatchObject({ trial: 3, state: 'finished', steps: 8, values: { hidden: 8, lr: 0.01 } });
    const [header, first] = readFileSync(at('sweeps/grid/results.csv'), 'utf8').split('\n');
    expect(header).toBe('trial,state,hidden,lr,loss,steps,rungs,run');
    expect(first).toBe(`0,finished,4,0.001,${results.trials[0].loss},8,1,trials/000`);
    const page = readFileSync(at('sweeps/grid/results.html'), 'utf8');
    expect(page).toContain('<h2>Best: trial 3</h2>');
    expect(page.match(/<svg/g)).toHaveLength(3);
    const again = await unrolled('sweep', 'grid.json', '--json', '--html', 'page.html');
    expect([again.code, JSON.parse(again.out)]).toEqual([0, results]);
    expect(readFileSync(at('page.html'), 'utf8')).toBe(page);
  });

  test('that is started again trains nothing', async () => {
    const before = readFileSync(at('sweeps/grid/trials/000/index.json'), 'utf8');
    const { err } = await unrolled('sweep', 'grid.json');
    expect(err).not.toMatch(/^trial 0 {2}loss/m);
    expect(readFileSync(at('sweeps/grid/trials/000/index.json'), 'utf8')).toBe(before);
  });

  test('that is another one is refused with the first difference', async () => {
    write('other/grid.json', { command, parameters: { hidden: [4, 8], lr: [0.001, 0.02] }, method: 'grid' });
    expect(await unrolled('sweep', 'other/grid.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('parameters.lr.choice.1: is 0.02, and 0.01 in the sweep that sweeps/grid holds'),
    });
  });
});

test('--status prints the table without training, and what is going on', async () => {
  expect((await unrolled('sweep', 'grid.json', '--out', 'status', '--trial', '1')).code).toBe(0);
  const waiting = await unrolled('sweep', 'status', '--status');
  expect(waiting.out).toContain('sweep not complete   4 trials: 1 finished, 3 waiting');
  expect(existsSync(at('status/trials/000'))).toBe(false);
  // A trial that is being trained: its run is there, and its lock is a living process's.
  rmSync(at('status/records/001.json'));
  writeFileSync(at('status/trials/001/lock'), JSON.stringify({ ...self(), pid: process.ppid, started: null }));
  const { out } = await unrolled('sweep', 'grid.json', '--out', 'status', '--status');
  expect(out).toMatch(new RegExp(`running at step 8 \\(process ${process.ppid} on `));
  expect(await unrolled('sweep', 'grid.json', '--out', 'none', '--status')).toMatchObject({ code: 0 });
  expect(existsSync(at('none'))).toBe(false);
});

test('a trial that another process trains is left to it, and the process says to start it again', async () => {
  expect((await unrolled('sweep', 'grid.json', '--out', 'busy', '--trial', '1')).code).toBe(0);
  rmSync(at('busy/records/001.json'));
  writeFileSync(at('busy/trials/001/lock'), JSON.stringify({ ...self(), pid: process.ppid, started: null }));
  const { code, err } = await unrolled('sweep', 'grid.json', '--out', 'busy');
  expect(code).toBe(75);
  expect(err).toMatch(/trial 1: busy\/trials\/001: is being written by process \d+.*Start the same command again/s);
  expect(read('busy/results.json').trials.map(({ state }: { state: string }) => state)).toEqual([
    'finished',
    'waiting',
    'finished',
    'finished',
  ]);
  rmSync(at('busy/trials/001/lock'));
  expect((await unrolled('sweep', 'grid.json', '--out', 'busy')).code).toBe(0);
  expect(readFileSync(at('busy/results.json')).equals(readFileSync(at('sweeps/grid/results.json')))).toBe(true);
});

test.each(['trials', 'trials/001'])(
  'a link in place of %s is refused, and nothing is written behind it',
  async (name) => {
    const out = name === 'trials' ? 'linked-all' : 'linked-one';
    expect((await unrolled('sweep', 'grid.json', '--out', out, '--trial', '0')).code).toBe(0);
    rmSync(at(`${out}/records`), { recursive: true });
    const elsewhere = at(`${out}-elsewhere`);
    if (name === 'trials') renameSync(at(`${out}/trials`), elsewhere);
    else mkdirSync(elsewhere);
    symlinkSync(elsewhere, at(`${out}/${name}`));
    const before = readdirSync(elsewhere, { recursive: true }).map(String).toSorted();
    const { code, err } = await unrolled('sweep', 'grid.json', '--out', out, '--trial', '1');
    expect(code).toBe(1);
    expect(err).toContain(`${out}/${name}: is a link; nothing in a run folder may lead out of it`);
    expect(readdirSync(elsewhere, { recursive: true }).map(String).toSorted()).toEqual(before);
  },
);

test('the folder of a sweep that was not begun here is trained with consent alone', async () => {
  write('mine.json', { command, parameters: { hidden: [3] }, method: 'grid' });
  expect((await unrolled('sweep', 'mine.json', '--out', 'mine')).code).toBe(0);
  rmSync(at('mine/records'), { recursive: true });
  expect((await unrolled('sweep', 'mine')).code).toBe(0);
  const { UNROLLED_STATE } = process.env;
  vi.stubEnv('UNROLLED_STATE', at('another-user'));
  rmSync(at('mine/records'), { recursive: true });
  const { code, err } = await unrolled('sweep', 'mine');
  expect([code, existsSync(at('mine/records'))]).toEqual([2, false]);
  expect(err).toContain(`sweep: mine: was not begun here, and its command may read any file: ${command}; start it`);
  expect((await unrolled('sweep', 'mine', '--status')).code).toBe(0);
  expect((await unrolled('sweep', 'mine', '--trust-paths')).code).toBe(0);
  expect((await unrolled('sweep', 'mine.json', '--out', 'mine')).code).toBe(0);
  expect((await unrolled('sweep', 'mine')).code).toBe(0); // the user has the same sweep.json
  vi.stubEnv('UNROLLED_STATE', UNROLLED_STATE);
});

test('successive halving trains the best for longer, each to the run that it alone would be', async () => {
  const parameters = { hidden: [6], lr: { 'log-uniform': [1e-4, 1e-1] } };
  const long = command.replace('--eval-every 2', '');
  write('halving.json', { command: long, parameters, method: 'halving', trials: 5, halving: { eta: 2, rungs: 3 } });
  const { code, err } = await unrolled('sweep', 'halving.json');
  expect(code, err).toBe(0);
  expect(err).toContain('rungs   5 for 2 steps, then 2 for 4 steps, then 1 for 8 steps');
  const { trials, best } = read('sweeps/halving/results.json');
  expect(trials.map(({ steps }: { steps: number }) => steps).toSorted()).toEqual([2, 2, 2, 4, 8]);
  expect(trials[best]).toMatchObject({ state: 'finished', rungs: 3 });
  expect((await unrolled(...trials[best].command.split(' ').slice(1), '--out', 'whole')).code).toBe(0);
  const weights = (run: string) => readFileSync(at(`${run}/model.safetensors`));
  expect(weights('whole').equals(weights(`sweeps/halving/${trials[best].run}`))).toBe(true);
});

test('a trial that diverges is a result, and the last one', async () => {
  write('wild.json', { command, parameters: { lr: [1e38, 0.01], optimizer: ['sgd'], clip: [0] }, method: 'grid' });
  const { code, err } = await unrolled('sweep', 'wild.json');
  expect(code, err).toBe(0);
  expect(err).toMatch(/^trial 0 {2}diverged/m);
  const { trials, best } = read('sweeps/wild/results.json');
  expect([trials[0].state, trials[0].value, best]).toEqual(['diverged', null, 1]);
});

test('a trial that fails leaves the others alone, and is started again with the same command', async () => {
  write('long.json', { command: command.replace('--seq-length 10', ''), parameters: { seqLength: [10, 5000, 12] }, method: 'grid' }); // biome-ignore format: a line
  for (let times = 0; times < 2; times++) {
    const { code, err } = await unrolled('sweep', 'long.json');
    expect(code).toBe(1);
    expect(err).toMatch(/^trial 1 {2}.*--batch: 4 windows of 5000 need a text of 20001 symbols/m);
    expect(err).toContain('sweep not complete   3 trials: 2 finished, 1 failed');
  }
  const { best, complete } = read('sweeps/long/results.json');
  expect([typeof best, complete]).toEqual(['number', false]);
});

test('what no trial can be trained with is one error, and nothing is recorded', async () => {
  write('missing.json', { command: 'train text none.txt --steps 4', parameters: { hidden: [4, 8] }, method: 'grid' });
  const { code, err } = await unrolled('sweep', 'missing.json');
  expect(code).toBe(2);
  expect(err).toContain('none.txt');
  expect(existsSync(at('sweeps/missing/records'))).toBe(false);
  write('metric.json', {
    command,
    parameters: { hidden: [4, 8] },
    method: 'grid',
    metric: 'f2',
    direction: 'maximize',
  });
  expect((await unrolled('sweep', 'metric.json')).err).toContain(
    'sweep: metric: a validation of these trials has no f2; it has loss',
  );
});

describe('processes that are killed', () => {
  const request: FaultsRequest = { method: 'halving', trials: 4, steps: 24, kills: 1, within: 600, seed: 5 };
  beforeAll(() => undisturbed(at('faults'), request));
  const whole = { trials: 4, sameTrials: 4, sameResults: true, orphans: 0 };

  test('as indices of a Slurm array, end every trial once, in the same bits', async () => {
    const engine = indexed('SLURM_ARRAY_TASK_ID', 2);
    expect(await faults('array', engine, at('faults'), request)).toMatchObject(whole);
  });

  test('as ranks of an mpirun, too', async ({ skip }) => {
    if (launchers.length === 0) skip('no mpirun is installed (apt-get install openmpi-bin mpich)');
    const engine = ranksOfJob(launchers[0], 2);
    expect(await faults('ranks', engine, at('faults'), request)).toMatchObject(whole);
  });
});
