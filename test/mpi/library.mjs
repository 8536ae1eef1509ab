// Opens a library of MPI with the addon and joins it, and prints what came of it: JSON of { abi, version, gathered, sum }, or of { error }.
//
//   node test/mpi/library.mjs path/to/unrolled.node path/to/libmpi.so

import { createRequire } from 'node:module';

const [addon, library] = process.argv.slice(2);

async function join() {
  const opened = createRequire(import.meta.url)(addon).mpi.open(library);
  const job = await opened.join(5);
  const gathered = await job.gather(new TextEncoder().encode('here'));
  const sums = job.sums(Uint32Array.of(64), Int32Array.of(0, 1), Uint32Array.of(0, 1));
  sums.put(
    0,
    0,
    0,
    Float32Array.from({ length: 64 }, (_, i) => i),
  );
  sums.send(0);
  await sums.done();
  const sum = new Float32Array(64);
  sums.take(0, 0, sum);
  await job.gather(new Uint8Array(0));
  await job.leave();
  return {
    abi: opened.abi,
    version: opened.version,
    rank: job.rank,
    size: job.size,
    gathered: gathered.map((bytes) => new TextDecoder().decode(bytes)),
    sum: Array.from(sum),
  };
}

console.log(JSON.stringify(await join().catch((error) => ({ error: error.message }))));
