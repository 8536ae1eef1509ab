// How number sequences, their labels and what is measured of them look on a screen.

import type { SequenceClassification, StepClassification } from 'unrolled/pipelines';
import { confusionTable, type LabelResults, labelTable } from '../examples/label-table.ts';
import type { Screen, Shown } from '../runs/shown.ts';
import { grouped, resample, sparkline, table, timelineText } from '../terminal/index.ts';
import type { NumberExample, Per } from './source.ts';
import { t } from '../language/index.ts';

/** A sequence of one label with its answer. */
interface AnsweredSequence {
  readonly name: string;
  readonly label: string;
  readonly score: number;
  /** Its true label. */
  readonly target: string | null;
  /** Its first features, each a list of values. */
  readonly curves: readonly (readonly number[])[];
}

const [mostCurves, curveWidth] = [3, 24];

/** A line for each sequence: whether the answer is right, the answer with its probability, and its first features as bars. */
export function answeredSequences(
  examples: readonly NumberExample[],
  answers: readonly SequenceClassification[],
  F: number,
): Shown {
  const data = examples.map((example, n): AnsweredSequence => {
    const { label, score } = answers[n];
    return { name: example.name, label, score, target: example.labels[0] ?? null, curves: curvesOf(example, F) };
  });
  return { data, lines: (screen) => answerLines(data, screen) };
}

function curvesOf({ values }: NumberExample, F: number): number[][] {
  return Array.from({ length: Math.min(F, mostCurves) }, (_, c) =>
    resample(
      Array.from({ length: values.length / F }, (_step, t) => values[t * F + c]),
      curveWidth,
    ).map((value) => Number(value.toPrecision(4))),
  );
}

function answerLines(answers: readonly AnsweredSequence[], { style, width }: Screen): string[] {
  const { green, red, dim } = style;
  const right = ({ label, target }: AnsweredSequence) => label === target;
  const rows = table(answers.map((one) => [one.label, one.score.toFixed(2)]));
  return answers.map((one, n) => {
    const is = right(one) ? '' : dim(t`is ${one.target}`);
    const room = Math.max(
      0,
      Math.floor((width - rows[n].length - 6 - (is ? 6 + (one.target ?? '').length : 0)) / (curveWidth + 2)),
    );
    const bars = one.curves.slice(0, room).map((curve) => dim(sparkline(curve, curveWidth)));
    return [right(one) ? green('✓') : red('✗'), rows[n], ...bars, is].filter(Boolean).join('  ');
  });
}

/** A sequence with a label for each step, and its answer. */
interface TaggedNumbers {
  readonly name: string;
  readonly predicted: readonly string[];
  readonly confidence: readonly number[];
  readonly target: readonly (string | null)[];
}

/** Timelines: predicted labels above the true ones. */
export function taggedNumbers(examples: readonly NumberExample[], answers: readonly StepClassification[]): Shown {
  const data = examples.map((example, n): TaggedNumbers => {
    const { steps } = answers[n];
    return {
      name: example.name,
      predicted: steps.map(({ label }) => label),
      confidence: steps.map(({ score }) => Number(score.toPrecision(4))),
      target: example.labels.slice(0, steps.length),
    };
  });
  return {
    data,
    lines: ({ style, width }) =>
      data.flatMap((one) => [one.name, ...timelineText({ ...one, unit: 'steps' }, style, width), '']),
  };
}

export interface SeriesResult extends LabelResults {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly sequences: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  /** Of labels for each sequence: how far confidence and accuracy are apart. */
  readonly calibrationError?: number;
  /** Of labels for each step: the fraction of sequences without a mistake, and the number of steps. */
  readonly exact?: number;
  readonly steps?: number;
  readonly labels: readonly string[];
}

export function resultLines(r: SeriesResult, per: Per): string[] {
  const steps = r.steps === undefined ? '' : t` with ${grouped(r.steps)} labeled steps`;
  const lines = table([
    [
      t('accuracy'),
      per === 'step' ? t`${r.accuracy.toFixed(4)}   of the steps` : t`${r.accuracy.toFixed(4)}   of the sequences`,
    ],
    [t('macro F1'), r.macroF1.toFixed(4)],
    ...(r.exact === undefined ? [] : [[t('exact'), t`${r.exact.toFixed(4)}   of the sequences have no mistake`]]),
    [t('loss'), t`${r.loss.toFixed(4)} nats per ${t(per)}`],
    ...(r.calibrationError === undefined
      ? []
      : [[t('calibration error'), t`${r.calibrationError.toFixed(4)}   (how far confidence and accuracy are apart)`]]),
    [t('measured on'), t`${grouped(r.sequences)} sequences${steps} of ${t(r.source)}`],
    [t('weights'), t`${r.run}, step ${r.step}`],
  ]);
  lines.push(
    '',
    ...labelTable(
      'label',
      r.perLabel.filter(({ count }) => count > 0),
    ),
    '',
  );
  return [...lines, ...confusionTable(r.confusion, r.labels)];
}
