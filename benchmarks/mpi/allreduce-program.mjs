// One process of the measurement in allreduce.ts: the median time of a sum of 4 MiB over all processes, in microseconds.

import { joinWorld } from '../../packages/unrolled/dist/node-world.js';

const [calls] = process.argv.slice(2).map(Number);
const world = await joinWorld();
if (!world) throw new Error('this is for several processes: mpirun -n 2');
const [buckets, length] = [4, 2 ** 18];
const owners = Array.from({ length: world.size }, (_, rank) => rank);
const additions = owners.slice(1).map((rank) => [0, rank]);
const sums = world.sums({ lengths: new Array(buckets).fill(length), owners, additions });
const values = Float32Array.from({ length }, (_, i) => i % 97);
for (let bucket = 0; bucket < buckets; bucket++) sums.put(bucket, 0, 0, values);
const times = [];
for (let k = 0; k < calls; k++) {
  await world.gather(new Uint8Array(0));
  const start = performance.now();
  for (let bucket = 0; bucket < buckets; bucket++) sums.send(bucket);
  await sums.done();
  times.push(1000 * (performance.now() - start));
}
times.sort((a, b) => a - b);
if (world.rank === 0) console.log(times[Math.floor(calls / 2)].toFixed(1));
await world.leave();
