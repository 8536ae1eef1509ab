// One process of a job: trains small tasks one after the other; rank 0 prints the SHA-256 of what each ends in, of every rank.
//
//   mpirun -n 2 node --import ./tools/ts.mjs test/mpi/train.ts '{ "tasks": ["text"], "shards": 4, "steps": 20 }'
//
// With `half`, a folder, it writes a checkpoint of each task there after half of the steps; with `from`, it continues those.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Checkpoint } from 'unrolled';
import { joinWorld } from 'unrolled/world';
import { shardedTasks, shardedTrainer, shaOf } from '../sharded-tasks.ts';

interface Request {
  readonly tasks: readonly string[];
  readonly shards: number;
  readonly steps?: number;
  readonly half?: string;
  readonly from?: string;
}

const { tasks, shards, steps = 6, half, from } = JSON.parse(process.argv[2]) as Request;
const world = await joinWorld();
const own: Record<string, string> = {};
for (const task of tasks) {
  const trainer = shardedTrainer(shardedTasks[task], { shards, steps, saveEvery: steps / 2, reduce: world });
  if (from) trainer.restore(deserialize(readFileSync(join(from, task))) as Checkpoint);
  for await (const event of trainer.run()) {
    if (!half || event.type !== 'checkpoint' || event.step !== steps / 2) continue;
    if (!world || world.rank === 0) writeFileSync(join(half, task), serialize(event.take()));
  }
  own[task] = shaOf(trainer);
}
const bytes = new TextEncoder().encode(JSON.stringify(own));
const shas = (world ? await world.gather(bytes) : [bytes]).map((one) => JSON.parse(new TextDecoder().decode(one)));
if (!world || world.rank === 0)
  console.log(JSON.stringify({ size: world?.size ?? 1, shas, library: world?.library ?? null }));
