// The library's own source of chance: initial weights come from a generator, dropout from a counter. `manualSeed` sets both, and a run saves
// both, so that every draw of a resumed run is the one it would have been.

import { requireObject, requireWhole } from '../checks.ts';
import { FormatError } from '../errors.ts';
import { Random, type RandomState } from '../random.ts';

/** What `randomState` returns and a run folder keeps: plain JSON. */
export interface GlobalRandomState {
  readonly generator: RandomState;
  readonly key: number;
  readonly counter: number;
}

let generator = new Random(0);
let key = 0;
let counter = 0;

/** Makes every draw from here on a function of `seed`, a whole number from 0. */
export function manualSeed(seed: number): void {
  requireWhole('manualSeed', 'seed', seed);
  generator = new Random(seed);
  key = seed;
  counter = 0;
}

/** The generator behind initial weights and `randn`. */
export function globalRandom(): Random {
  return generator;
}

/** The next `count` blocks of the dropout counter. */
export function takeCounters(count: number): { key: number; counter: number } {
  const first = counter;
  counter += count;
  return { key, counter: first };
}

/** The state of the library's random generator, for `setRandomState`. */
export function randomState(): GlobalRandomState {
  return { generator: generator.state, key, counter };
}

/** Throws a FormatError, and changes nothing, for what is no state. */
export function setRandomState(state: GlobalRandomState): void {
  requireObject('setRandomState', 'state', state, ['generator', 'key', 'counter']);
  const saved = Object(state) as GlobalRandomState;
  const next = new Random(0);
  next.setState(saved.generator);
  for (const name of ['key', 'counter'] as const) {
    if (!(Number.isSafeInteger(saved[name]) && saved[name] >= 0))
      throw new FormatError('random state', `${name} is not what a run saves: ${JSON.stringify(saved[name])}`);
  }
  generator = next;
  key = saved.key;
  counter = saved.counter;
}
