// The engine of a server's options.

import { createEngine } from './engine/create-engine.ts';
import type { Engine } from './engine/engine.ts';
import { withoutModels } from './engine/unopened.ts';
import type { ServerLimits } from './limits.ts';
import type { ServerOptions } from './options.ts';

/** The engine of these options, with bounds as narrow as the routes'. */
export function openEngine(options: ServerOptions, limits: ServerLimits): Promise<Engine> {
  if (options.runs === undefined) return Promise.resolve(withoutModels); // the studio alone
  const { runs, workers, maxRows, maxQueue, watch, backend, threads } = options;
  const { characters: textLength, maxTokens, stops, inputs, beams, steps, frames, outputNumbers } = limits;
  return createEngine({
    runs,
    watch,
    ...given({ workers, maxRows, maxQueue, backend, threads }),
    limits: {
      textLength,
      maxTokens,
      stops: stops + 1, // a chat's turn is one more
      inputs,
      beams,
      steps,
      frames,
      outputNumbers,
    },
  });
}

function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
