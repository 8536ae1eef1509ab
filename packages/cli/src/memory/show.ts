// A few sequences as a person can read them: what was asked, what it said, what is right.

import {
  embeddedReberNext,
  indices,
  type MemoryModel,
  type MemoryProblem,
  noGrad,
  noLabel,
  Random,
  reberSymbols,
  scope,
  tensor,
} from 'unrolled';
import { styleFor, table } from '../terminal/index.ts';

const most = 16; // answers shown of each sequence

/** A line for each of `rows` sequences that were made from `seed`. */
export function showAnswers(model: MemoryModel, problem: MemoryProblem, seed: number, rows: number): string[] {
  const batch = problem.batch(new Random(seed).fork('shown'), { rows, test: true });
  const { steps, lengths, input, target } = batch;
  const output = scope(() =>
    noGrad(() => {
      const x = tensor(input, [steps, rows, problem.inputSize]);
      const options = { lengths: lengths && indices(lengths, [rows]) };
      const y = problem.asks === 'classes' ? model.forward(x, options) : model.last(x, options);
      return (problem.asks === 'number' ? y : y.argmax(-1)).dataSync().slice();
    }),
  );
  const { green, red } = styleFor(process.stderr);
  const answers = Array.from({ length: rows }, (_, b) => {
    if (problem.asks === 'number') {
      const right = Math.abs(output[b] - target[b]) < 0.04;
      return { right, said: output[b].toFixed(3), truth: target[b].toFixed(3), length: steps };
    }
    const asked = problem.asks === 'class' ? [b] : stepsAsked(target, steps, rows, b);
    const said = asked.map((i) => output[i]);
    const truth = asked.map((i) => target[i]);
    const length = lengths?.[b] ?? steps;
    if (problem.name === 'embedded-reber') return { ...grammatical(said, truth), length };
    const right = said.every((s, k) => s === truth[k]);
    return { right, said: lastOf(said), truth: lastOf(truth), length };
  });
  const cells = answers.map(({ right, said, truth, length }) => [
    right ? '✓' : '✗',
    `${length} steps`,
    `says ${said}`,
    `is ${truth}`,
  ]);
  return table(cells).map((line, k) => (answers[k].right ? green : red)(line.slice(0, 1)) + line.slice(1));
}

function stepsAsked(target: ArrayLike<number>, steps: number, rows: number, b: number): number[] {
  const asked: number[] = [];
  for (let t = 0; t < steps; t++) if (target[t * rows + b] !== noLabel) asked.push(t * rows + b);
  return asked;
}

function lastOf(symbols: readonly number[]): string {
  return `${symbols.length > most ? '… ' : ''}${symbols.slice(-most).join(' ')}`;
}

/** In a grammar several symbols may follow: what it says is right where the grammar allows it. */
function grammatical(said: readonly number[], truth: readonly number[]) {
  const letters = (symbols: readonly number[]) => symbols.map((s) => reberSymbols[s]).join('');
  const read = `B${letters(truth)}`;
  const right = said.every((s, k) => embeddedReberNext(read.slice(0, k + 1))?.includes(reberSymbols[s]) ?? false);
  return { right, said: letters(said).slice(-40), truth: letters(truth).slice(-40) };
}
