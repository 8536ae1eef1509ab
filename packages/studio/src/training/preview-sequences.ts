// Some sequences of a memory problem, as they are read and as people read them.

import { Random } from 'unrolled';
import { memoryProblems, temporalOrderSymbols } from 'unrolled/data';
import type { Settings } from '../settings/settings.ts';
import type { DatasetOf } from '../data/dataset.ts';
import { joined, type Preview } from './preview-rows.ts';
import { redrawn } from '../data/redrawn.ts';

const sequences = 3;

/** The first sequences of the first batch. */
export function ofSequences({ problem: name }: DatasetOf<'memory'>, settings: Settings): Preview {
  const problem = memoryProblems[name].make({ length: settings.windowLength });
  const batchOf = (noise: number) =>
    redrawn(problem, { ...settings, noise }).batch(new Random(settings.seed).fork('batch 0'), { rows: sequences });
  const [before, after] = [batchOf(0), batchOf(settings.noise)];
  const { inputSize, asks } = problem;
  const stepsOf = (b: number) =>
    Array.from({ length: after.lengths?.[b] ?? after.steps }, (_, t) => (t * after.rows + b) * inputSize);
  const inputOf = (b: number): string =>
    asks === 'number'
      ? stepsOf(b)
          .map((at) => two(after.input[at], after.input[at + 1] > 0))
          .join(' ')
      : stepsOf(b)
          .map((at) => temporalOrderSymbols[after.input.subarray(at, at + inputSize).indexOf(1)])
          .join('');
  const targetOf = (value: number): string =>
    asks === 'number'
      ? value.toFixed(2)
      : Array.from(value.toString(2).padStart(2, '0'), (bit) => 'XY'[Number(bit)]).join('');
  const rows = Array.from({ length: sequences }, (_, b) => ({
    input: [{ text: inputOf(b), noise: false }],
    target: joined([targetOf(before.target[b])], [targetOf(after.target[b])]),
  }));
  return { kind: 'rows', rows };
}

/** `.31`, and `[.72]` for a number that is marked. */
const two = (value: number, isMarked: boolean): string => {
  const text = value.toFixed(2).replace(/^0/, '');
  return isMarked ? `[${text}]` : text;
};
