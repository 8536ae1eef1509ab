// The files of examples/cluster against what the command has, and against each other: flags, shards, processes. A cluster is not at hand; fields are
// checked by their names and places.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { commandsFor } from '../packages/cli/src/commands.ts';
import { programOf } from '../packages/cli/src/main.ts';
import { startAgain } from '../packages/cli/src/commands/sweep.ts';
import { planOf } from '../packages/cli/src/sweep/plan.ts';
import { placeOf, shareOf } from '../packages/cli/src/sweep/place.ts';
import { root } from './snippets.ts';

const textOf = (name: string) => readFileSync(join(root, 'examples/cluster', name), 'utf8');

const training = await commandsFor('train');
const sweeping = await commandsFor('sweep');
const flags = () => {
  const train = programOf(training, async () => {}).commands.find((one) => one.name() === 'train');
  const text = train?.commands.find((one) => one.name() === 'text');
  return text?.options.map(({ long }) => long) ?? [];
};

/** The command line after `npx`: flags that exist, at least as many shards as processes, data and run on the shared disk. */
function expectTrains(args: readonly string[], processes: number): void {
  const own = args.slice(args.indexOf('unrolled'));
  expect(own.slice(0, 3)).toEqual(['unrolled', 'train', 'text']);
  for (const flag of own.filter((arg) => arg.startsWith('--'))) expect(flags()).toContain(flag);
  const shards = Number(own[own.indexOf('--shards') + 1]);
  expect(shards % processes).toBe(0);
  for (const path of [own[3], own[own.indexOf('--out') + 1]]) expect(path).toMatch(/^\/shared\//);
}

test('the script for Slurm asks for as many tasks as its shards can be given to', () => {
  const script = textOf('train.slurm');
  const of = (name: string) => Number(new RegExp(`^#SBATCH --${name}=(\\d+)`, 'm').exec(script)?.[1]);
  expect(script).toMatch(/^#!\/bin\/bash\n/);
  expect(script).toMatch(/^#SBATCH --requeue$/m);
  const line = script
    .replaceAll('\\\n', ' ')
    .split('\n')
    .find((one) => one.startsWith('srun')) as string;
  expectTrains(line.trim().split(/\s+/), of('nodes') * of('ntasks-per-node'));
});

interface Pod {
  readonly containers: readonly [
    { readonly command: string[]; readonly args: string[]; readonly volumeMounts: { name: string }[] },
  ];
  readonly volumes: readonly { readonly name: string }[];
}

/** Every volume that is mounted is there. */
function expectMounted({ containers: [container], volumes }: Pod): void {
  const names = volumes.map(({ name }) => name);
  for (const { name } of container.volumeMounts) expect(names).toContain(name);
}

test('the MPIJob starts as many processes as it has slots', () => {
  const { apiVersion, kind, spec } = parse(textOf('mpijob.yaml'));
  expect([apiVersion, kind]).toEqual(['kubeflow.org/v2beta1', 'MPIJob']);
  const { Launcher: launcher, Worker: worker } = spec.mpiReplicaSpecs;
  for (const { template } of [launcher, worker]) expectMounted(template.spec);
  const [{ command, args }] = launcher.template.spec.containers;
  expect(command).toEqual(['mpirun']);
  expectTrains(args, spec.slotsPerWorker * worker.replicas);
});

test('the launcher of the JobSet names its workers, two processes each', () => {
  const { apiVersion, kind, metadata, spec } = parse(textOf('jobset.yaml'));
  expect([apiVersion, kind]).toEqual(['jobset.x-k8s.io/v1alpha2', 'JobSet']);
  const [launcher, worker] = spec.replicatedJobs.map(
    (job: { template: { spec: { template: { spec: Pod } } } }) => job.template.spec,
  );
  for (const { template } of [launcher, worker]) expectMounted(template.spec);
  const { args } = launcher.template.spec.containers[0];
  const hosts = Array.from(
    { length: worker.parallelism },
    (_, k) => `${metadata.name}-worker-0-${k}.${metadata.name}:2`,
  );
  expect(args[args.indexOf('--host') + 1]).toBe(hosts.join(','));
  expectTrains(args, 2 * hosts.length);
});

/** The command line of a sweep: flags that exist, sweep.json and the sweep's folder on the shared disk, and every trial with one of the indices. */
async function expectSweeps(args: readonly string[], variable: string, indices: readonly number[]): Promise<void> {
  const own = args.slice(args.indexOf('unrolled'));
  expect(own.slice(0, 2)).toEqual(['unrolled', 'sweep']);
  const sweep = programOf(sweeping, async () => {}).commands.find((one) => one.name() === 'sweep');
  const known = sweep?.options.map(({ long }) => long);
  for (const flag of own.filter((arg) => arg.startsWith('--'))) expect(known).toContain(flag);
  for (const path of [own[2], own[own.indexOf('--out') + 1]]) expect(path).toMatch(/^\/shared\//);
  const { trials } = await planOf('sweep.json', JSON.parse(textOf('sweep.json')));
  const values = { index: null, processes: Number(own[own.indexOf('--processes') + 1]) };
  const all = trials.map((_, trial) => trial);
  const shares = indices.map((index) =>
    shareOf(all, placeOf(values, trials.length, { [variable]: String(index) }, null)),
  );
  expect(shares.flat().sort((a, b) => a - b)).toEqual(all);
}

test('every trial of the sweep has an index of the Slurm array', async () => {
  const script = textOf('sweep.slurm');
  const [, from, to] = /^#SBATCH --array=(\d+)-(\d+)$/m.exec(script) as RegExpExecArray;
  const line = script
    .replaceAll('\\\n', ' ')
    .split('\n')
    .find((one) => one.startsWith('srun')) as string;
  const indices = Array.from({ length: Number(to) - Number(from) + 1 }, (_, k) => Number(from) + k);
  await expectSweeps(line.trim().split(/\s+/), 'SLURM_ARRAY_TASK_ID', indices);
});

test('every trial of the sweep has an index of the Kubernetes Job, and code 75 is no failure', async () => {
  const { apiVersion, kind, spec } = parse(textOf('sweep-job.yaml'));
  expect([apiVersion, kind, spec.completionMode]).toEqual(['batch/v1', 'Job', 'Indexed']);
  expect(spec.parallelism).toBe(spec.completions);
  expect(spec.podFailurePolicy.rules).toEqual([
    { action: 'Ignore', onExitCodes: { operator: 'In', values: [startAgain] } },
  ]);
  expect(spec.template.spec.restartPolicy).toBe('Never'); // which a podFailurePolicy needs
  expectMounted(spec.template.spec);
  const [{ args }] = spec.template.spec.containers;
  const indices = Array.from({ length: spec.completions }, (_, k) => k);
  await expectSweeps(args, 'JOB_COMPLETION_INDEX', indices);
});
