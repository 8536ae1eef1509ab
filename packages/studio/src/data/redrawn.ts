// A memory problem whose training sequences are drawn again, and whose targets have noise: Gaussian on a number, a class at random. What it is tested on
// stays what `unrolled eval` tests it on.

import type { MemoryProblem } from 'unrolled/data';
import { defaults, type Settings } from '../settings/settings.ts';

/** The problem with the noise and the seed of some settings; the problem itself where both are as usual. */
export function redrawn(
  problem: MemoryProblem,
  { noise, dataSeed }: Pick<Settings, 'noise' | 'dataSeed'>,
): MemoryProblem {
  const again = dataSeed !== defaults.dataSeed;
  if (noise === 0 && !again) return problem;
  return {
    ...problem,
    batch(random, request) {
      if (request.test) return problem.batch(random, request);
      const own = again ? random.fork(`data ${dataSeed}`) : random;
      const noises = own.fork('noise');
      const batch = problem.batch(own, request);
      const target = batch.target.map((value) => {
        if (problem.asks === 'number') return value + noise * noises.normal();
        const [at, which] = [noises.uniform(), noises.integer(problem.outputSize)];
        return at < noise ? which : value;
      });
      return { ...batch, target };
    },
  };
}
