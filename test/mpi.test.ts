// Processes under MPI, as far as they can be had here: the launchers that are installed, and a double of the library that MPI 5 will be. The full
// matrix, kills and measurements are a command: npm run bench:mpi.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, useBackend } from 'unrolled';
import { isAlive, launchers, ranksOf, startJob } from '../benchmarks/mpi/jobs.ts';
import { shardedTasks, shardedTrainer, shaOf } from './sharded-tasks.ts';
import { root } from './snippets.ts';

const addon = join(root, 'packages/unrolled/build/unrolled.node');
const command = join(root, 'packages/cli/bin/unrolled.js');
const both = ['mpirun.openmpi', 'mpirun.mpich'] as const;
const needs = (launcher: string, skip: (why: string) => void) => {
  if (!existsSync(addon)) skip('the native addon is not built');
  if (!launchers.includes(launcher)) skip(`${launcher} is not installed (apt-get install openmpi-bin mpich)`);
};

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-mpi-'));
  writeFileSync(at('text.txt'), Array.from({ length: 900 }, (_, n) => `${n * n} is the square of ${n}`).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Arguments of a small run of the command. */
const training = (out: string, ...more: string[]) => [
  command,
  'train',
  'text',
  at('text.txt'),
  ...'--hidden 16 --batch 6 --seq-length 12 --shards 4 --no-check --quiet'.split(' '),
  '--out',
  at(out),
  ...more,
];
const weightsOf = (run: string) =>
  createHash('sha256')
    .update(readFileSync(join(at(run), 'model.safetensors')))
    .digest('hex');

const resumed = ['--schedule', 'constant', '--eval-every', '6'];
let undisturbed: string | undefined;
/** The weights of the run that the tests continue, from one process that never stopped. */
const weightsOfOne = () => {
  if (undisturbed === undefined) {
    const args = training('alone', '--steps', '12', ...resumed);
    expect(spawnSync(process.execPath, args).status).toBe(0);
    undisturbed = weightsOf('alone');
  }
  return undisturbed;
};

// The task differs, since a launcher's library moves the bytes of any: the matrix of all is `npm run bench:mpi`.
describe.each([
  ['mpirun.openmpi', 'translate'],
  ['mpirun.mpich', 'caption'],
] as const)('%s', (launcher, task) => {
  test(`${task} in two processes ends in the bits of one`, async ({ skip }) => {
    needs(launcher, skip);
    const before = currentBackend();
    let alone: string;
    try {
      await useBackend('native');
      const trainer = shardedTrainer(shardedTasks[task], { shards: 3 });
      for await (const _ of trainer.run());
      alone = shaOf(trainer);
    } finally {
      await useBackend(before);
    }
    const program = ['--import', './tools/ts.mjs', 'test/mpi/train.ts', JSON.stringify({ tasks: [task], shards: 3 })];
    const { stdout, stderr } = await startJob(launcher, 2, program, {}, root).ended;
    const shas = [{ [task]: alone }, { [task]: alone }];
    expect(JSON.parse(stdout || JSON.stringify({ stderr }))).toMatchObject({ size: 2, shas });
  });

  test('the command goes on in another number of processes, to the bits of one that never stopped', async ({
    skip,
  }) => {
    needs(launcher, skip);
    const name = `resumed-${launcher}`;
    for (const [steps, size] of [
      ['6', 2],
      ['12', 3],
    ] as const) {
      const ended = await startJob(launcher, size, training(name, '--steps', steps, ...resumed)).ended;
      expect([ended.code, ended.stdout], ended.stderr).toEqual([0, '']);
    }
    expect(weightsOf(name)).toBe(weightsOfOne());
  });

  test('doctor shows the library, its interface, the ranks and their threads', async ({ skip }) => {
    needs(launcher, skip);
    const { code, stdout, stderr } = await startJob(launcher, 2, [command, 'doctor', '--no-test', '--json']).ended;
    expect(code, stderr).toBe(0);
    const { mpi } = JSON.parse(stdout) as { mpi: string };
    expect(mpi).toMatch(
      /^(Open MPI v|MPICH )[\d.]+ \(.+, interface of (Open MPI|MPICH)\), 2 ranks of \d+ threads? by mpirun of /,
    );
  });

  test.for(['SIGKILL', 'SIGSTOP'] as const)(
    'a rank that got %s ends the job, and no process is left',
    async (signal, { skip }) => {
      needs(launcher, skip);
      const mark = `stopped-${signal}-${launcher}`;
      const job = startJob(launcher, 2, training(mark, '--steps', '200000'));
      let pids: number[] = [];
      await expect.poll(() => (pids = ranksOf(job.process.pid as number, mark)).length, { timeout: 20_000 }).toBe(2);
      await expect.poll(() => existsSync(join(at(mark), 'metrics.jsonl')), { timeout: 20_000 }).toBe(true);
      const struck = performance.now();
      process.kill(pids[1], signal);
      const ended = await job.ended;
      expect(ended.at - struck).toBeLessThan(3000); // the bar is two; this machine may be busy
      expect(ended.code).not.toBe(0);
      // Open MPI's launcher ends before the process that it has just killed
      await expect.poll(() => pids.filter(isAlive), { timeout: 2000 }).toEqual([]);
      if (signal === 'SIGSTOP') expect(ended.stderr).toMatch(/rank \d \(process \d+ on .*\) has not been heard of/);
    },
  );
});

test('averaged weights, early stopping and the checkpoints that are kept are those of one process', async ({
  skip,
}) => {
  needs('mpirun.openmpi', skip);
  // A learning rate that is too high: validations get worse after a while.
  const watched = '--steps 60 --lr 0.3 --schedule constant --warmup 0 --ema 0.6 --patience 3 --eval-every 1'.split(' ');
  const args = (out: string) => training(out, ...watched, '--keep-checkpoints', '4');
  expect(spawnSync(process.execPath, args('watched-1')).status).toBe(0);
  expect((await startJob('mpirun.openmpi', 2, args('watched-2')).ended).code).toBe(0);
  const files = (run: string) => (readdirSync(at(run), { recursive: true }) as string[]).sort();
  expect(files('watched-2')).toEqual(files('watched-1'));
  const kept = readdirSync(join(at('watched-1'), 'checkpoints'));
  expect(kept.length).toBeGreaterThanOrEqual(4);
  expect(Math.max(...kept.map((name) => Number(/step-(\d+)/.exec(name)?.[1])))).toBeLessThan(60);
  for (const file of files('watched-1').filter((name) => /\.(json|jsonl|safetensors)$/.test(name)))
    expect(readFileSync(join(at('watched-2'), file)).equals(readFileSync(join(at('watched-1'), file))), file).toBe(
      true,
    );
});

test('a library that is not the launcher’s is told in a sentence, once', async ({ skip }) => {
  for (const launcher of both) needs(launcher, skip);
  const started = performance.now();
  const job = startJob('mpirun.mpich', 2, training('wrong', '--steps', '4'), { UNROLLED_MPI: 'openmpi' });
  const { stderr, code } = await job.ended;
  expect(code).not.toBe(0);
  expect((job.said(/not the library/) ?? Infinity) - started).toBeLessThan(5000);
  expect(
    stderr.match(
      /started 2 processes, and libmpi\.so\.40 \(Open MPI .*\) knows of 1: it is not the library of this launcher/g,
    ),
  ).toHaveLength(1);
});

test('ranks that do not fit together are refused with the difference', async ({ skip }) => {
  needs('mpirun.mpich', skip);
  writeFileSync(at('other.txt'), readFileSync(at('text.txt'), 'utf8').replace('square', 'sqaure'));
  const other = training('differs', '--steps', '4').map((one) => (one === at('text.txt') ? at('other.txt') : one));
  const args = [...training('differs', '--steps', '4'), ':', '-n', '1', process.execPath, ...other];
  const { stderr, code } = await startJob('mpirun.mpich', 1, args).ended;
  expect(code).not.toBe(0);
  expect(stderr).toMatch(
    /the ranks do not agree: data\.sha256 is [0-9a-f]{64} on rank 0 and [0-9a-f]{64} on rank 1 \(process/,
  );
  expect(existsSync(at('differs'))).toBe(false);
});

describe('a library', () => {
  const made = (name: string, ...flags: string[]) => {
    const path = at(name);
    const source = join(root, 'test/mpi/double.c');
    const { status } = spawnSync('cc', ['-shared', '-fPIC', '-o', path, ...flags, source]);
    return status === 0 ? path : null;
  };
  const opened = (path: string) => {
    const program = [join(root, 'test/mpi/library.mjs'), addon, path];
    const { stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8', timeout: 20_000 });
    return JSON.parse(stdout || JSON.stringify({ error: stderr })) as Record<string, unknown>;
  };

  test('with the interface of MPI 5 is used by its constants (a double: no such library is released for Debian)', ({
    skip,
  }) => {
    if (!existsSync(addon)) skip('the native addon is not built');
    const path = made('libmpi_abi.so.1');
    if (!path) return skip('there is no C compiler');
    const half = Array.from({ length: 32 }, (_, i) => i + (i + 32));
    expect(opened(path)).toEqual({
      abi: 'MPI-5 standard',
      version: 'Double 5.0, for tests',
      rank: 0,
      size: 2,
      gathered: ['here', 'here'],
      sum: [...half, ...half],
    });
  });

  test('that lacks a function, is of an unknown kind, cut off, or not there, is refused with the reason', ({
    skip,
  }) => {
    if (!existsSync(addon)) skip('the native addon is not built');
    const [lacking, unknown] = [made('lacking.so', '-DWITHOUT_TEST'), made('unknown.so', '-DUNKNOWN')];
    if (!lacking || !unknown) return skip('there is no C compiler');
    writeFileSync(at('cut.so'), readFileSync(lacking).subarray(0, 3000));
    expect(opened(lacking)).toEqual({ error: 'is an incomplete MPI library: it has no MPI_Test' });
    expect(opened(unknown)).toEqual({
      error: 'is an MPI of an unknown kind, whose calls cannot be made safely: SomeMPI 1.0',
    });
    expect(opened(at('cut.so'))).toEqual({ error: 'is no library, or not all of one: a part of the file is missing' });
    expect(opened(at('none.so'))).toEqual({
      error: expect.stringContaining('none.so: cannot open shared object file'),
    });
  });

  test('that cannot be had is an error with what was tried', () => {
    const env = { ...process.env, PMI_RANK: '0', PMI_SIZE: '2', UNROLLED_MPI: at('none.so') };
    const { status, stderr } = spawnSync(process.execPath, training('none'), { encoding: 'utf8', env });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^no library of MPI can be loaded; install one \(apt-get install openmpi-bin, or mpich/);
    expect(stderr).toContain(`${at('none.so')}: cannot open shared object file`);
  });
});
