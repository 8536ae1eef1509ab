// What a classifier says about texts, for programs and for people.

import { indices, padRows, type SequenceClassifier, type Tokenizer } from 'unrolled';
import { ranked, type Scored, scoreBars } from '../examples/label-table.ts';
import { InputNotices } from '../examples/notices.ts';
import { answerAll, textsOf } from '../examples/text-input.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { styleFor, table, truncate } from '../terminal/index.ts';
import type { ClassifyConfig } from './config.ts';
import { encodeTexts, type Labeled, textNames } from './data.ts';
import { restoreClassifier } from './model.ts';

export interface Answer {
  readonly text: string;
  readonly label: string;
  readonly probability: number;
  /** Of the most probable labels, falling. */
  readonly probabilities: readonly Scored[];
}

const together = 64; // texts

export async function* predictClassify(
  saved: SavedRun<ClassifyConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { model, tokenizer, labels, config } = restoreClassifier(saved);
  const { read, longest } = config.data;
  const { maxLength } = config.training;
  const reading = { column: read.text, guesses: textNames, header: read.header };
  const texts = await textsOf(inputs, values, reading);
  const notices = new InputNotices(warn);
  yield* answerAll(texts, together, notices, async (some) => {
    const predicted = answers(
      model,
      tokenizer,
      labels,
      some.map(({ text }) => text),
      maxLength,
      values.top,
    );
    return predicted.map((answer, k) => {
      const ids = tokenizer.encode(answer.text);
      const looked = notices.look(some[k].row, ids, tokenizer, { longest, most: maxLength });
      const row = values.file === null ? {} : { row: some[k].row };
      const lines = texts.length === 1 ? scoreBars(answer.probabilities, styleFor(process.stdout)) : [lineOf(answer)];
      return { result: { ...row, ...answer, ...looked }, lines };
    });
  });
}

/** The most probable labels of a few texts. */
export function answers(
  model: SequenceClassifier,
  tokenizer: Tokenizer,
  labels: readonly string[],
  texts: readonly string[],
  maxLength: number,
  top = labels.length,
): Answer[] {
  if (texts.length === 0) return [];
  const { ids, lengths, T, B } = padRows(encodeTexts(texts, tokenizer, maxLength));
  const p = model.predict(indices(ids, [T, B]), { lengths }).dataSync();
  const C = labels.length;
  return texts.map((text, b) => {
    const probabilities = ranked(labels, p, b * C, top);
    const [{ label, score }] = probabilities;
    return { text, label, probability: score, probabilities };
  });
}

/** A line for each text: whether it is right, what it was called and how surely, and the text. */
export function predictionRows(predicted: readonly Answer[], rows: readonly Labeled[]): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const width = (process.stderr.columns || 80) - 6;
  const cells = predicted.map(({ label, probability, text }, n) => {
    const right = label === rows[n].cells.label;
    return {
      right,
      cells: [right ? '✓' : '✗', label, probability.toFixed(2), oneLine(text)],
      target: rows[n].cells.label,
    };
  });
  const lines = table(
    cells.map(({ cells: [mark, label, p, text] }) => [mark, label, p, text]),
    { width },
  );
  return lines.map((line, n) => {
    const { right, target } = cells[n];
    return right
      ? green(line.slice(0, 1)) + line.slice(1)
      : `${red(line.slice(0, 1))}${line.slice(1)}  ${dim(`is ${target}`)}`;
  });
}

function lineOf({ label, probability, text }: Answer): string {
  return `${label}\t${probability.toFixed(3)}\t${oneLine(text)}`;
}

export function oneLine(text: string, width = Infinity): string {
  return truncate(text.replace(/\s+/g, ' ').trim(), width);
}
