// Text generation, symbol by symbol: reads the prompt, samples a symbol, reads it, samples again.

import { shown, requireKinds } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { Random } from '../random.ts';
import { Sampler, type SampleOptions, sampleOptions } from './sample.ts';
import type { Stepper } from './stepper.ts';

/** Options of `generate`. */
export interface GenerateOptions extends SampleOptions {
  /** Number of symbols to sample. Default 200. */
  readonly length?: number;
  /** Seed of the sampling. Default 0. */
  readonly seed?: number;
  /** Stops after this symbol. Default: none. */
  readonly stopAt?: number | null;
}

/**
 * Samples symbols one by one after `prompt`; without a prompt the first symbol is sampled uniformly.
 *
 *     for (const id of generate(stepperOf(model), vocabulary.encode('ROMEO:'), { length: 500, temperature: 0.8 })) …
 */
export function* generate(
  stepper: Stepper,
  prompt: ArrayLike<number>,
  options: GenerateOptions = {},
): Generator<number, void> {
  requireKinds(
    'generate',
    { stepper, prompt, options },
    { stepper: { step: 'function' }, prompt: 'numbers', options: 'object' },
  );
  const { length = 200, seed = 0, stopAt = null, ...sampling } = options;
  checkOptions('generate', options, [...sampleOptions, 'length', 'seed', 'stopAt']);
  if (!(Number.isInteger(length) && length >= 0))
    throw new OptionError('generate', 'length', `expected a whole number from 0, got ${shown(length)}`);
  const random = new Random(seed);
  const sampler = new Sampler(random, sampling);
  stepper.reset();
  if (length === 0) return;
  let left = length;
  let logits: Float32Array | null = null;
  for (let i = 0; i < prompt.length; i++) logits = stepper.step(prompt[i]);
  let symbol = logits ? sampler.draw(logits) : random.integer(stepper.vocabularySize);
  for (;;) {
    yield symbol;
    if (--left === 0 || symbol === stopAt) return;
    symbol = sampler.draw(stepper.step(symbol));
  }
}
