// One process of a job: trains a small task and prints, on rank 0, the SHA-256 of the weights.
//
//   mpirun -n 2 node --import ./tools/ts.mjs test/mpi/train.ts '{"task":"text","shards":4}'

import { createHash } from 'node:crypto';
import { joinWorld, type Trainer } from 'unrolled';
import { shardedTasks, shardedTrainer } from '../sharded-tasks.ts';

const { task, shards } = JSON.parse(process.argv[2]) as { task: string; shards: number };

function shaOf(trainer: Trainer): string {
  const hash = createHash('sha256');
  const { model, training } = trainer.checkpoint();
  for (const { data } of [...model.values(), ...training.values()])
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

const world = await joinWorld();
const trainer = shardedTrainer(shardedTasks[task], { shards, reduce: world });
for await (const _ of trainer.run());
const shas = world ? await world.gather(new TextEncoder().encode(shaOf(trainer))) : [new TextEncoder().encode(shaOf(trainer))];
const all = new Set(shas.map((bytes) => new TextDecoder().decode(bytes)));
if (!world || world.rank === 0) console.log(JSON.stringify({ size: world?.size ?? 1, sha: [...all], library: world?.library }));
