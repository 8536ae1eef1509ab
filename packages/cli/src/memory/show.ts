// A few sequences as a person can read them: what was asked, what it said, what is right.

import { indices, type MemoryModel, noGrad, noLabel, Random, scope, tensor } from 'unrolled';
import { embeddedReberNext, type MemoryProblem, reberSymbols } from 'unrolled/data';
import { styleFor, table } from '../terminal/index.ts';

const most = 16; // answers shown of each sequence

/** A line for each of `rows` sequences that were made from `seed`. */
export function showAnswers(model: MemoryModel, problem: MemoryProblem, seed: number, rows: number): string[] {
  const batch = problem.batch(new Random(seed).fork('shown'), { rows, test: true });
  const { steps, lengths, input, target: targets } = batch;
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
      const right = Math.abs(output[b] - targets[b]) < 0.04;
      return { right, predicted: output[b].toFixed(3), target: targets[b].toFixed(3), length: steps };
    }
    const asked = problem.asks === 'class' ? [b] : stepsAsked(targets, steps, rows, b);
    const predicted = asked.map((i) => output[i]);
    const target = asked.map((i) => targets[i]);
    const length = lengths?.[b] ?? steps;
    if (problem.name === 'embedded-reber') return { ...grammatical(predicted, target), length };
    const right = predicted.every((s, k) => s === target[k]);
    return { right, predicted: lastOf(predicted), target: lastOf(target), length };
  });
  const cells = answers.map(({ right, predicted, target, length }) => [
    right ? '✓' : '✗',
    `${length} steps`,
    `predicted ${predicted}`,
    `target ${target}`,
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
function grammatical(predicted: readonly number[], target: readonly number[]) {
  const letters = (symbols: readonly number[]) => symbols.map((s) => reberSymbols[s]).join('');
  const read = `B${letters(target)}`;
  const right = predicted.every((s, k) => embeddedReberNext(read.slice(0, k + 1))?.includes(reberSymbols[s]) ?? false);
  return { right, predicted: letters(predicted).slice(-40), target: letters(target).slice(-40) };
}
