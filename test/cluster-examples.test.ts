// The files of examples/cluster against what the command has, and against each other: flags, shards, processes. A cluster is not at hand; fields are
// checked by their names and places.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { commandsFor } from '../packages/cli/src/commands.ts';
import { programOf } from '../packages/cli/src/main.ts';
import { root } from './snippets.ts';

const textOf = (name: string) => readFileSync(join(root, 'examples/cluster', name), 'utf8');

const training = await commandsFor('train');
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
