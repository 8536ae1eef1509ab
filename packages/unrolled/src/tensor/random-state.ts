// The library's own source of chance: initial weights come from a generator, dropout from a counter. `manualSeed` sets both, and a run saves
// both, so that every draw of a resumed run is the one it would have been.

import { requireObject, requireWhole } from '../checks.ts';
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

export function randomState(): GlobalRandomState {
  return { generator: generator.state, key, counter };
}

export function setRandomState(state: GlobalRandomState): void {
  requireObject('setRandomState', 'state', state, ['generator', 'key', 'counter']);
  for (const name of ['key', 'counter'] as const) requireWhole('setRandomState', `state.${name}`, state[name]);
  const next = new Random(0);
  next.setState(state.generator);
  generator = next;
  key = state.key;
  counter = state.counter;
}
