// How a classifier's answers and its measurements look on a screen.

import type { TextClassification } from 'unrolled/pipelines';
import { confusionTable, type LabelResults, labelTable } from '../examples/label-table.ts';
import type { Shown } from '../runs/shown.ts';
import { grouped, table, truncate } from '../terminal/index.ts';
import { labelsOfRow, shownLabels } from './labels.ts';
import { t } from '../language/index.ts';

/** An example with its answer. */
export interface AnsweredText {
  readonly text: string;
  readonly label: string;
  readonly score: number;
  /** Its true label. */
  readonly target: string;
}

export function answeredTexts(
  rows: readonly { readonly cells: { readonly text: string; readonly label: string } }[],
  answers: readonly TextClassification[],
  multiLabel = false,
): Shown {
  const data = rows.map(({ cells }, n): AnsweredText => {
    const { label, labels, score } = answers[n];
    const sorted = (some: readonly string[]) => shownLabels([...some].sort());
    const target = multiLabel ? sorted(labelsOfRow(cells.label, multiLabel)) : cells.label;
    return { text: cells.text, label: labels ? sorted(labels) : label, score, target };
  });
  return { data, lines: (screen) => answerRows(data, screen) };
}

/** A line for each text: whether the answer is right, the answer with its probability, and the text. */
function answerRows(answers: readonly AnsweredText[], { width, style }: Parameters<Shown['lines']>[0]): string[] {
  const { green, red, dim } = style;
  const right = ({ label, target }: AnsweredText) => label === target;
  const lines = table(
    answers.map((answer) => [right(answer) ? '✓' : '✗', answer.label, answer.score.toFixed(2), oneLine(answer.text)]),
    { width: width - 6 },
  );
  return lines.map((line, n) => {
    const [mark, rest] = [line.slice(0, 1), line.slice(1)];
    return right(answers[n]) ? green(mark) + rest : `${red(mark)}${rest}  ${dim(t`is ${answers[n].target}`)}`;
  });
}

export function oneLine(text: string, width = Infinity): string {
  return truncate(text.replace(/\s+/g, ' ').trim(), width);
}

/** Precision and recall of the k most probable labels. */
export interface AtK {
  readonly k: number;
  readonly precision: number;
  readonly recall: number;
}

export interface ClassifyResult extends LabelResults {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly rows: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly calibrationError: number;
  readonly labels: readonly string[];
  readonly atK: readonly AtK[];
}

/** Of a model of any number of labels a text. */
export interface MultiLabelResult
  extends Pick<ClassifyResult, 'run' | 'step' | 'source' | 'rows' | 'loss' | 'macroF1' | 'perLabel' | 'atK'> {
  readonly microF1: number;
  /** The fraction of texts whose labels are all right. */
  readonly exact: number;
}

export function multiLabelLines(r: MultiLabelResult): string[] {
  const lines = table([
    [t('micro F1'), r.microF1.toFixed(4)],
    [t('macro F1'), r.macroF1.toFixed(4)],
    [t('exact'), t`${r.exact.toFixed(4)}   of the texts have all of their labels and no other`],
    ...r.atK.map(atKRow),
    [t('loss'), t`${r.loss.toFixed(4)} nats per text`],
    [t('measured on'), t`${grouped(r.rows)} texts of ${t(r.source)}`],
    [t('weights'), t`${r.run}, step ${r.step}`],
  ]);
  return [...lines, '', ...labelTable('label', r.perLabel)];
}

function atKRow({ k, precision, recall }: AtK): [string, string] {
  return [
    t`at ${k}`,
    k === 1
      ? t`precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}   of the most probable label`
      : t`precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}   of the ${k} most probable labels`,
  ];
}

export function resultLines(r: ClassifyResult): string[] {
  const lines = table([
    [t('accuracy'), r.accuracy.toFixed(4)],
    [t('macro F1'), r.macroF1.toFixed(4)],
    ...r.atK.map(atKRow),
    [t('loss'), t`${r.loss.toFixed(4)} nats per text`],
    [t('calibration error'), t`${r.calibrationError.toFixed(4)}   (how far confidence and accuracy are apart)`],
    [t('measured on'), t`${grouped(r.rows)} texts of ${t(r.source)}`],
    [t('weights'), t`${r.run}, step ${r.step}`],
  ]);
  lines.push('', ...labelTable('label', r.perLabel), '');
  return [...lines, ...confusionTable(r.confusion, r.labels)];
}
