// A few sequences with the model's answers and their targets, as a person can read them.

import { indices, type MemoryModel, noGrad, noLabel, Random, scope, tensor } from 'unrolled';
import { embeddedReberNext, type MemoryProblem, memoryProblems, reberSymbols } from 'unrolled/data';
import { describeMetrics } from '../runs/metrics.ts';
import type { Screen, Shown } from '../runs/shown.ts';
import { grouped, type Style, table } from '../terminal/index.ts';
import { type ProblemSource, threshold, type Verdict } from './problem.ts';
import { t } from '../language/index.ts';

const most = 16; // answers shown of each sequence

export interface SequenceAnswer {
  readonly right: boolean;
  readonly length: number;
  /** As a person reads them. */
  readonly predicted: string;
  readonly target: string;
}

/** The model's answers to `rows` sequences that are made from `seed`. */
export function answersOf(model: MemoryModel, problem: MemoryProblem, seed: number, rows: number): SequenceAnswer[] {
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
  return Array.from({ length: rows }, (_, b): SequenceAnswer => {
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
}

/** A line for each answer. */
export function showAnswers(answers: readonly SequenceAnswer[]): Shown {
  return { data: { answers }, lines: (screen) => answerLines(answers, screen) };
}

function answerLines(answers: readonly SequenceAnswer[], { style: { green, red } }: Screen): string[] {
  const cells = answers.map(({ right, predicted, target, length }) => [
    right ? '✓' : '✗',
    t`${length} steps`,
    t`predicted ${predicted}`,
    t`target ${target}`,
  ]);
  return table(cells).map((line, k) => (answers[k].right ? green : red)(line.slice(0, 1)) + line.slice(1));
}

/** Answers, and the verdict of the test. */
export function showVerdict(answers: readonly SequenceAnswer[], source: ProblemSource, verdict: Verdict): Shown {
  return {
    data: { answers, verdict },
    lines: (screen) => [
      t('sequences that training did not have:'),
      '',
      ...answerLines(answers, screen),
      '',
      verdictLine(source, verdict, screen.style),
    ],
  };
}

/** `solved: mse 0.0012 on 1,000 fresh sequences (mse ≤ 0.005)` */
export function verdictLine(
  { problem }: ProblemSource,
  { metrics, solved, sequences }: Verdict,
  { bold, green, yellow }: Style,
): string {
  const word = solved ? green('solved') : yellow(t('not solved'));
  return t`${bold(word)}: ${describeMetrics(metrics)} on ${grouped(sequences)} fresh sequences (${threshold(memoryProblems[problem])})`;
}

function stepsAsked(target: ArrayLike<number>, steps: number, rows: number, b: number): number[] {
  const asked: number[] = [];
  for (let t = 0; t < steps; t++) if (target[t * rows + b] !== noLabel) asked.push(t * rows + b);
  return asked;
}

function lastOf(symbols: readonly number[]): string {
  return `${symbols.length > most ? '… ' : ''}${symbols.slice(-most).join(' ')}`;
}

/** In a grammar several symbols may follow: a prediction is right where the grammar allows it. */
function grammatical(predicted: readonly number[], target: readonly number[]) {
  const letters = (symbols: readonly number[]) => symbols.map((s) => reberSymbols[s]).join('');
  const read = `B${letters(target)}`;
  const right = predicted.every((s, k) => embeddedReberNext(read.slice(0, k + 1))?.includes(reberSymbols[s]) ?? false);
  return { right, predicted: letters(predicted).slice(-40), target: letters(target).slice(-40) };
}
