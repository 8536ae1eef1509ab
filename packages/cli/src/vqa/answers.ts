// What a model answers to questions about images: for programs, for the terminal, and as a page.

import {
  indices,
  padRows,
  imageBatch,
  type Images,
  questionOnlyAnswers,
  type QuestionOnlyBaseline,
  type VisualQA,
} from 'unrolled';
import { ranked, type Scored } from '../examples/label-table.ts';
import { type Card, cardPage } from '../pages/cards.ts';
import { writePage } from '../pages/page.ts';
import { styleFor, table } from '../terminal/index.ts';

export interface Answered {
  readonly image: string;
  readonly question: string;
  readonly answer: string;
  readonly probability: number;
  /** Of the most probable answers, falling. */
  readonly probabilities: readonly Scored[];
  /** What would be said without looking. */
  readonly blind: string;
}

const together = 64; // questions

/** The most probable answers to a few questions. `which` says about which of the images each is. */
export function answerQuestions(
  { model, answers, blind }: { model: VisualQA; answers: readonly string[]; blind: QuestionOnlyBaseline },
  images: Images,
  asked: readonly {
    readonly image: string;
    readonly question: string;
    readonly ids: Int32Array;
    readonly which: number;
  }[],
  top: number,
): Answered[] {
  const predicted: Answered[] = [];
  for (let from = 0; from < asked.length; from += together) {
    const some = asked.slice(from, from + together);
    const { ids, lengths, T, B } = padRows(some.map((question) => question.ids));
    const looks = model.config.form !== 'blind';
    const batch = {
      question: indices(ids, [T, B]),
      lengths,
      images: looks
        ? imageBatch(
            images,
            some.map(({ which }) => which),
          )
        : null,
    };
    const p = model.predict(batch).dataSync();
    for (const [b, { image, question }] of some.entries()) {
      const probabilities = ranked(answers, p, b * answers.length, top);
      const [{ label: answer, score: probability }] = probabilities;
      const guess = questionOnlyAnswers(blind, question);
      predicted.push({ image, question, answer, probability, probabilities, blind: guess });
    }
  }
  return predicted;
}

/** A line for each question: whether it is right, the answer and how sure it is, the question. */
export function answerRows(predicted: readonly Answered[], targets: readonly string[]): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const width = (process.stderr.columns || 80) - 6;
  const rows = predicted.map(({ answer, probability, question }, n) => [
    answer === targets[n] ? '✓' : '✗',
    answer,
    probability.toFixed(2),
    question,
  ]);
  return table(rows, { width }).map((line, n) => {
    const [mark, rest] = [line.slice(0, 1), line.slice(1)];
    return predicted[n].answer === targets[n] ? green(mark) + rest : `${red(mark)}${rest}  ${dim(`is ${targets[n]}`)}`;
  });
}

/** A page with the images, the questions and the answers. Returns its path. */
export function answerPage(
  path: string,
  about: { readonly title: string; readonly lines: readonly string[] },
  predicted: readonly Answered[],
  targets: readonly string[],
  { shape: [, height, width], data }: Images,
  which: readonly number[],
): string {
  const size = height * width * 3;
  const cards = predicted.map((one, n): Card => {
    const image = { height, width, data: data.subarray(which[n] * size, (which[n] + 1) * size) as Uint8Array };
    const right = one.answer === targets[n];
    return {
      images: [image],
      title: one.question,
      right,
      predicted: one.probabilities.slice(0, 3).map(({ label, score }) => [label, score] as const),
      notes: [...(right ? [] : [`It is ${targets[n]}.`]), `Without looking: ${one.blind}.`],
    };
  });
  return writePage(path, cardPage({ ...about, cards }));
}
