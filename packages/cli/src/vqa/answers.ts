// What a model answers to questions about pictures: for programs, for the terminal, and as a page.

import { indices, padRows, pictureBatch, type Pictures, guessBlindly, type BlindGuess, type VisualQA } from 'unrolled';
import { ranked, type Scored } from '../examples/label-table.ts';
import { dataUri } from '../pictures/png.ts';
import { type Card, writePage } from '../pictures/page.ts';
import { styleFor, table } from '../terminal/index.ts';

export interface Answered {
  readonly picture: string;
  readonly question: string;
  readonly answer: string;
  readonly probability: number;
  /** Of the likeliest answers, falling. */
  readonly probabilities: readonly Scored[];
  /** What would be said without looking. */
  readonly blind: string;
}

const together = 64; // questions

/** The likeliest answers to a few questions. `which` says about which of the pictures each is. */
export function answerQuestions(
  { model, answers, blind }: { model: VisualQA; answers: readonly string[]; blind: BlindGuess },
  pictures: Pictures,
  asked: readonly {
    readonly picture: string;
    readonly question: string;
    readonly ids: Int32Array;
    readonly which: number;
  }[],
  top: number,
): Answered[] {
  const said: Answered[] = [];
  for (let from = 0; from < asked.length; from += together) {
    const some = asked.slice(from, from + together);
    const { ids, lengths, T, B } = padRows(some.map((question) => question.ids));
    const looks = model.config.form !== 'blind';
    const batch = {
      question: indices(ids, [T, B]),
      lengths,
      pictures: looks
        ? pictureBatch(
            pictures,
            some.map(({ which }) => which),
          )
        : null,
    };
    const p = model.predict(batch).dataSync();
    for (const [b, { picture, question }] of some.entries()) {
      const probabilities = ranked(answers, p, b * answers.length, top);
      const [{ label: answer, score: probability }] = probabilities;
      const guess = guessBlindly(blind, question);
      said.push({ picture, question, answer, probability, probabilities, blind: guess });
    }
  }
  return said;
}

/** A line for each question: whether it is right, the answer and how sure it is, the question. */
export function answerRows(said: readonly Answered[], truths: readonly string[]): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const width = (process.stderr.columns || 80) - 6;
  const rows = said.map(({ answer, probability, question }, n) => [
    answer === truths[n] ? '✓' : '✗',
    answer,
    probability.toFixed(2),
    question,
  ]);
  return table(rows, { width }).map((line, n) => {
    const [mark, rest] = [line.slice(0, 1), line.slice(1)];
    return said[n].answer === truths[n] ? green(mark) + rest : `${red(mark)}${rest}  ${dim(`is ${truths[n]}`)}`;
  });
}

/** A page with the pictures, the questions and the answers. Returns its path. */
export function answerPage(
  path: string,
  about: { readonly title: string; readonly lines: readonly string[] },
  said: readonly Answered[],
  truths: readonly string[],
  { shape: [, height, width], data }: Pictures,
  which: readonly number[],
): string {
  const size = height * width * 3;
  const cards = said.map((one, n): Card => {
    const picture = { height, width, data: data.subarray(which[n] * size, (which[n] + 1) * size) as Uint8Array };
    const right = one.answer === truths[n];
    return {
      pictures: [dataUri(picture)],
      title: one.question,
      right,
      said: one.probabilities.slice(0, 3).map(({ label, score }) => [label, score] as const),
      notes: [...(right ? [] : [`It is ${truths[n]}.`]), `Without looking: ${one.blind}.`],
    };
  });
  return writePage(path, { ...about, cards });
}
