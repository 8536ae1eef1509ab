// One process of the measurements in allreduce.ts and hosts.ts: the median time of a sum of so many bytes over all processes, in microseconds.

import { joinWorld } from '../../packages/unrolled/dist/node-world.js';

const [calls, bytes] = process.argv.slice(2).map(Number);
const world = await joinWorld();
if (!world) throw new Error('this is for several processes: mpirun -n 2');
const bucket = 2 ** 18; // floats, as in training
const lengths = [];
for (let left = bytes / 4; left > 0; left -= bucket) lengths.push(Math.min(left, bucket));
const owners = Array.from({ length: world.size }, (_, rank) => rank);
const additions = owners.slice(1).map((rank) => [0, rank]);
const sums = world.sums({ lengths, owners, additions });
for (const [k, length] of lengths.entries())
  sums.put(
    k,
    0,
    0,
    Float32Array.from({ length }, (_, i) => i % 97),
  );
const times = [];
for (let k = 0; k < calls; k++) {
  await world.gather(new Uint8Array(0));
  const start = performance.now();
  for (const number of lengths.keys()) sums.send(number);
  await sums.done();
  times.push(1000 * (performance.now() - start));
}
times.sort((a, b) => a - b);
if (world.rank === 0) console.log(times[Math.floor(calls / 2)].toFixed(1));
await world.leave();
