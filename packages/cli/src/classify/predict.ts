// What a classifier says about texts, for programs and for people.

import { indices, padRows, type SequenceClassifier, type Tokenizer } from 'unrolled';
import { ranked, type Scored, scoreBars } from '../examples/label-table.ts';
import { InputNotices } from '../examples/notices.ts';
import { textsOf } from '../examples/text-input.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { styleFor, table, truncate } from '../terminal/index.ts';
import { encodeTexts, type Labelled } from './data.ts';
import { restoreClassifier } from './model.ts';

export interface Answer {
  readonly text: string;
  readonly label: string;
  readonly probability: number;
  /** Of the likeliest labels, falling. */
  readonly probabilities: readonly Scored[];
}

const together = 64; // texts

export async function* predictClassify(
  saved: SavedRun,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { model, tokenizer, labels, config } = restoreClassifier(saved);
  const { read, longest } = config.data;
  const { maxLength } = config.training;
  const texts = await textsOf(inputs, values, { name: read.text ?? 'text', flag: '--text' });
  const notices = new InputNotices(warn);
  for (let from = 0; from < texts.length; from += together) {
    const some = texts.slice(from, from + together);
    const said = answers(model, tokenizer, labels, some, maxLength, values.top);
    for (const [k, answer] of said.entries()) {
      const looked = notices.look(from + k + 1, tokenizer.encode(some[k]), tokenizer, { longest, most: maxLength });
      yield {
        result: { ...answer, ...looked },
        lines: texts.length === 1 ? scoreBars(answer.probabilities, styleFor(process.stdout)) : [lineOf(answer)],
      };
    }
  }
  notices.finish();
}

/** The likeliest labels of a few texts. */
export function answers(
  model: SequenceClassifier,
  tokenizer: Tokenizer,
  labels: readonly string[],
  texts: readonly string[],
  maxLength: number,
  top = labels.length,
): Answer[] {
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
export function predictionRows(said: readonly Answer[], rows: readonly Labelled[]): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const width = (process.stderr.columns || 80) - 6;
  const cells = said.map(({ label, probability, text }, n) => {
    const right = label === rows[n].cells.label;
    return {
      right,
      cells: [right ? '✓' : '✗', label, probability.toFixed(2), oneLine(text)],
      truth: rows[n].cells.label,
    };
  });
  const lines = table(
    cells.map(({ cells: [mark, label, p, text] }) => [mark, label, p, text]),
    { width },
  );
  return lines.map((line, n) => {
    const { right, truth } = cells[n];
    return right
      ? green(line.slice(0, 1)) + line.slice(1)
      : `${red(line.slice(0, 1))}${line.slice(1)}  ${dim(`is ${truth}`)}`;
  });
}

function lineOf({ label, probability, text }: Answer): string {
  return `${label}\t${probability.toFixed(3)}\t${oneLine(text)}`;
}

export function oneLine(text: string, width = Infinity): string {
  return truncate(text.replace(/\s+/g, ' ').trim(), width);
}
