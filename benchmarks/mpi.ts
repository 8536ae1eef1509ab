// npm run bench:mpi [-- <part> …]: several processes, measured. Without a part, all of them.
//
//   matrix      SHA-256 of the weights after 200 steps of three models, by launcher and number of ranks
//   kills       ranks killed and frozen at random: --kills 50 --stops 20 --seed 1
//   allreduce   the time of a sum of 4 MiB next to MPI_Allreduce's
//   hosts       the bits and the time of a step on two and four hosts at 1 Gbit/s and 1 ms, next to the cost model; as root on Linux
//   step        a training step in two processes of one thread next to one process of two

import { parseArgs } from 'node:util';
import { allreduce } from './mpi/allreduce.ts';
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
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);

const parts: Readonly<Record<string, () => Promise<readonly object[]>>> = {
  matrix: async () => matrix(say),
  async kills() {
    const seed = Number(values.seed);
    const killed = await kills({ signal: 'SIGKILL', count: Number(values.kills), seed, say });
    const frozen = await kills({ signal: 'SIGSTOP', count: Number(values.stops), seed: seed + 1, say });
    return [...killed, ...frozen];
  },
  allreduce: async () => allreduce(),
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
