// Models as training leaves them: no weight is 0 or 1 any more, so that a scale for a shift, or a mean for a variance, shows.

import { manualSeed, type Module } from 'unrolled';

/** A model in eval mode whose vectors of weights (biases, scales, running moments) were moved from where they start, and whose matrices were made larger. */
export function trained<M extends Module>(make: () => M, seed = 1, gain = 1): M {
  manualSeed(seed);
  const model = make().eval();
  const state = new Map(
    Array.from(model.stateDict(), ([name, saved], k) => {
      const { data, shape } = saved;
      if (!(data instanceof Float32Array)) return [name, saved] as const;
      if (shape.length !== 1) return [name, { ...saved, data: data.map((v) => gain * v) }] as const;
      return [name, { ...saved, data: data.map((v, i) => v + 0.15 + 0.1 * Math.sin(2.3 * i + 1.7 * k)) }] as const;
    }),
  );
  return model.loadStateDict(state);
}
