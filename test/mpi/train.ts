// One process of a job: trains small tasks one after the other; rank 0 prints the SHA-256 of what each ends in, of every rank.
//
//   mpirun -n 2 node --import ./tools/ts.mjs test/mpi/train.ts '{ "tasks": ["text"], "shards": 4, "steps": 20 }'

import { joinWorld } from 'unrolled/world';
import { shardedTasks, shardedTrainer, shaOf } from '../sharded-tasks.ts';

interface Request {
  readonly tasks: readonly string[];
  readonly shards: number;
  readonly steps?: number;
}

const { tasks, shards, steps = 6 } = JSON.parse(process.argv[2]) as Request;
const world = await joinWorld();
const own: Record<string, string> = {};
for (const task of tasks) {
  const trainer = shardedTrainer(shardedTasks[task], { shards, steps, reduce: world });
  for await (const _ of trainer.run());
  own[task] = shaOf(trainer);
}
const bytes = new TextEncoder().encode(JSON.stringify(own));
const shas = (world ? await world.gather(bytes) : [bytes]).map((one) => JSON.parse(new TextDecoder().decode(one)));
if (!world || world.rank === 0)
  console.log(JSON.stringify({ size: world?.size ?? 1, shas, library: world?.library ?? null }));
