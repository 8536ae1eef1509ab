// Machines of one machine: network namespaces with a host name each, on a switch (switch.c) of 1 Gbit/s and 1 ms. The bits have to be those of one
// process, and the time of a step is put next to what the cost model of docs/many-machines.md says of the measured bandwidth and latency. Needs root.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../test/snippets.ts';
import { stepMilliseconds } from './cost.ts';
import { environment, launchers } from './jobs.ts';

export interface HostsRow {
  readonly hosts: number;
  /** Of a sum, in milliseconds; megabits a second. */
  readonly latency: string;
  readonly bandwidth: string;
  /** Milliseconds of a step. */
  readonly step: string;
  readonly model: string;
  /** How far the model is off. */
  readonly off: string;
  readonly sameBits: boolean;
}

const launcher = 'mpirun.openmpi';
const [most, rate, delay] = [4, 1e9, 1e-3];
const [shards, steps, windowLength] = [4, 8, 32];
const bytes = 2 ** 22;

const program = (name: string) => [process.execPath, join(root, 'benchmarks/mpi', name)];

/** What step-program.mjs prints: milliseconds, and bytes of the gradient. */
interface Step {
  readonly step: number;
  readonly update: number;
  readonly bytes: number;
  readonly sha: string;
}

export async function hosts(say: (text: string) => void): Promise<HostsRow[]> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('hosts: network namespaces are made by root on Linux');
  if (!launchers.includes(launcher)) throw new Error(`hosts: needs ${launcher}`);
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-hosts-'));
  let network: ChildProcess | null = null;
  try {
    network = await makeNetwork(folder);
    const agent = writeAgent(folder);
    const size = [steps, shards, windowLength].map(String);
    const step = (output: string) => JSON.parse(output) as Step;
    const alone = step(on('h0', [...program('step-program.mjs'), ...size]));
    say(`one host: ${alone.step.toFixed(0)} ms`);
    const rows: HostsRow[] = [];
    for (const count of [2, 4]) {
      const run = (job: readonly string[]) => on('h0', under(count, agent, job));
      const sum = (of: number) => Number(run([...program('allreduce-program.mjs'), '40', String(of)])) / 1e6;
      const [small, large] = [sum(4), sum(bytes)];
      const bandwidth = (2 * bytes * (count - 1)) / count / (large - small);
      const { step: measured, sha } = step(run([...program('step-program.mjs'), ...size]));
      const expected = stepMilliseconds({
        compute: alone.step - alone.update,
        update: alone.update,
        bytes: alone.bytes,
        shards,
        layers: 2,
        processes: count,
        cores: availableParallelism(),
        bandwidth,
        latency: 500 * small,
      });
      rows.push({
        hosts: count,
        latency: (500 * small).toFixed(2),
        bandwidth: ((8 * bandwidth) / 1e6).toFixed(0),
        step: measured.toFixed(0),
        model: expected.toFixed(0),
        off: `${(100 * (expected / measured - 1)).toFixed(0)} %`,
        sameBits: sha === alone.sha,
      });
      say(JSON.stringify(rows.at(-1)));
    }
    return rows;
  } finally {
    network?.kill('SIGKILL');
    for (let k = 0; k < most; k++) {
      spawnSync('ip', ['netns', 'delete', `h${k}`], { stdio: 'ignore' });
      rmSync(`/etc/netns/h${k}`, { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command on a host, to its end; what it prints. */
function on(host: string, command: readonly string[]): string {
  const script = `hostname ${host}; exec "$@"`;
  const args = ['netns', 'exec', host, 'unshare', '--uts', 'sh', '-c', script, 'sh', ...command];
  const env = { ...process.env, ...environment, UNROLLED_THREADS: '1' };
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8', env, timeout: 120_000 });
  if (status !== 0) throw new Error(`${command.join(' ')} on ${host}: ${stderr}`);
  return stdout;
}

/** A command under Open MPI, one process on each of `count` hosts. UCX would see that they share memory, and take it. */
function under(count: number, agent: string, job: readonly string[]): readonly string[] {
  const names = Array.from({ length: count }, (_, k) => `h${k}`).join(',');
  const settings = Object.entries({
    plm_rsh_agent: agent,
    pml: 'ob1',
    btl: 'self,tcp',
    btl_tcp_if_include: 'net0',
    oob_tcp_if_include: 'net0',
  });
  return [
    launcher,
    '--host',
    names,
    '-n',
    `${count}`,
    ...settings.flatMap(([name, value]) => ['--mca', name, value]),
    ...job,
  ];
}

/** What a launcher uses in the place of ssh: enters the namespace of the host. */
function writeAgent(folder: string): string {
  const path = join(folder, 'agent');
  writeFileSync(
    path,
    '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\nhost=$1; shift\nexec ip netns exec "$host" unshare --uts sh -c "hostname $host; $*"\n',
  );
  chmodSync(path, 0o755);
  return path;
}

/** The switch, with a namespace at every port. It ends with this process. */
async function makeNetwork(folder: string): Promise<ChildProcess> {
  const path = join(folder, 'switch');
  const ip = (...args: string[]) => command('ip', ...args);
  command('cc', '-O2', '-o', path, join(root, 'benchmarks/mpi/switch.c'));
  const child = spawn(path, [String(most), String(rate), String(delay)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const names = Array.from({ length: most }, (_, k) => `10.77.0.${k + 1} h${k}\n`).join('');
  for (let k = 0; k < most; k++) {
    const [host, device] = [`h${k}`, `unrolled${k}`];
    ip('netns', 'add', host);
    mkdirSync(`/etc/netns/${host}`, { recursive: true });
    writeFileSync(`/etc/netns/${host}/hosts`, `127.0.0.1 localhost\n${names}`);
    ip('link', 'set', device, 'netns', host, 'name', 'net0');
    ip('-n', host, 'link', 'set', 'lo', 'up');
    ip('-n', host, 'link', 'set', 'net0', 'address', `02:00:00:00:00:0${k}`, 'mtu', '9000');
    ip('-n', host, 'address', 'add', `10.77.0.${k + 1}/24`, 'dev', 'net0');
    ip('-n', host, 'link', 'set', 'net0', 'up');
  }
  return child;
}

function command(name: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr}`);
}
