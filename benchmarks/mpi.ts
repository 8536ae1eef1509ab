// npm run bench:mpi [-- <part> …]: several processes, measured. Without a part, all of them.
//
//   matrix      SHA-256 of the weights after 200 steps of three models, by launcher and number of ranks
//   kills       ranks killed and frozen at random: --kills 50 --stops 20 --seed 1
//   allreduce   the time of a sum of 4 MiB next to MPI_Allreduce's
//   hosts       the bits and the time of a step on two and four hosts at 1 Gbit/s and 1 ms, next to the cost model; as root on Linux
//   cost        what the cost model says of 1 to 64 machines: --compute ms --bytes 13e6 --bandwidth bytes/s --latency ms --layers 2 --update ms
//   step        a training step in two processes of one thread next to one process of two

import { parseArgs } from 'node:util';
import { allreduce } from './mpi/allreduce.ts';
import { stepMilliseconds } from './mpi/cost.ts';
import { hosts } from './mpi/hosts.ts';
import { kills } from './mpi/kills.ts';
import { matrix } from './mpi/matrix.ts';
import { step } from './mpi/step.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '50' },
    stops: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    compute: { type: 'string', default: '560' },
    bytes: { type: 'string', default: '13e6' },
    bandwidth: { type: 'string', default: '118e6' },
    latency: { type: 'string', default: '1.2' },
    layers: { type: 'string', default: '2' },
    update: { type: 'string', default: '4' },
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Steps a second of so many machines with one process each, in 64 shards, at the given bandwidth and at faster ones. */
function cost(): object[] {
  const [compute, bytes, bandwidth, latency, layers, update] = (
    ['compute', 'bytes', 'bandwidth', 'latency', 'layers', 'update'] as const
  ).map((name) => Number(values[name]));
  const given = { compute, update, bytes, layers, latency, shards: 64 };
  const speed = (processes: number, times: number) =>
    Number(
      (1000 / stepMilliseconds({ ...given, processes, cores: processes, bandwidth: times * bandwidth })).toFixed(2),
    );
  return [1, 2, 4, 8, 16, 32, 64].map((machines) => ({
    machines,
    'steps/s': speed(machines, 1),
    'at 10 × the bandwidth': speed(machines, 10),
    'at 25 ×': speed(machines, 25),
  }));
}

const parts: Readonly<Record<string, () => Promise<readonly object[]>>> = {
  matrix: async () => matrix(say),
  async kills() {
    const seed = Number(values.seed);
    const killed = await kills({ signal: 'SIGKILL', count: Number(values.kills), seed, say });
    const frozen = await kills({ signal: 'SIGSTOP', count: Number(values.stops), seed: seed + 1, say });
    return [...killed, ...frozen];
  },
  allreduce: async () => allreduce(),
  cost: async () => cost(),
  hosts: async () => hosts(say),
  step: async () => step(say),
};

const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
for (const name of chosen) {
  if (!Object.hasOwn(parts, name))
    throw new Error(`there is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
  process.stdout.write(`${name}\n`);
  console.table(await parts[name]());
}
