import { describe, expect, test } from 'vitest';
import { UnrolledError } from '../errors.ts';
import { generate } from './generate.ts';
import type { Stepper } from './stepper.ts';

/** Says symbol + 1, over and over, of seven; `read` is what it was given. */
function counting(): { stepper: Stepper; read: number[] } {
  const read: number[] = [];
  const stepper = {
    vocabularySize: 7,
    reset: () => void read.splice(0),
    step(symbol: number) {
      read.push(symbol);
      return Float32Array.from({ length: 7 }, (_, v) => (v === (symbol + 1) % 7 ? 50 : 0));
    },
  };
  return { stepper: stepper as unknown as Stepper, read };
}

describe('generate', () => {
  const run = (prompt: number[], options: object) => {
    const { stepper, read } = counting();
    return { symbols: [...generate(stepper, prompt, options)], read };
  };

  test('continues the prompt, each symbol after what was read before it', () => {
    const { symbols, read } = run([5, 2, 3], { length: 5 });
    expect(symbols).toEqual([4, 5, 6, 0, 1]);
    expect(read).toEqual([5, 2, 3, 4, 5, 6, 0]); // the last is not needed
  });

  test('gives as many as are wanted: one, none', () => {
    expect(run([3], { length: 1 })).toEqual({ symbols: [4], read: [3] });
    expect(run([3], { length: 0 })).toEqual({ symbols: [], read: [] });
    expect(run([3], {}).symbols.length).toBe(200);
  });

  test('stops after a symbol, which is given', () => {
    expect(run([3], { length: 9, stopAt: 6 }).symbols).toEqual([4, 5, 6]);
    expect(run([3], { length: 2, stopAt: 6 }).symbols).toEqual([4, 5]);
    expect(run([3], { length: 9, stopAt: 4 }).symbols).toEqual([4]);
  });

  test('without a prompt begins with any symbol, by its seed', () => {
    const firsts = Array.from({ length: 60 }, (_, seed) => run([], { length: 2, seed }).symbols);
    expect(new Set(firsts.map(([first]) => first)).size).toBe(7);
    for (const [first, second] of firsts) expect(second).toBe((first + 1) % 7);
    expect(run([], { length: 2, seed: 5 }).symbols).toEqual(firsts[5]);
  });

  test('a stepper that read something else begins anew', () => {
    const { stepper, read } = counting();
    stepper.step(6);
    expect([...generate(stepper, [1], { length: 1 })]).toEqual([2]);
    expect(read).toEqual([1]);
  });

  test.each([-1, 1.5, Number.NaN, '3', null])('a length of %s is refused', (length) => {
    expect(() => run([1], { length })).toThrow(UnrolledError);
    expect(() => run([1], { length })).toThrow('generate: length: expected a whole number from 0, got');
  });
});
