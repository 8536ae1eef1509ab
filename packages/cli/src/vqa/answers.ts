// Answers to questions about images: for programs, for the terminal, and as a page.

import type { Images, RawImage } from 'unrolled/data';
import type { Answer, VisualQuestionAnsweringPipeline } from 'unrolled/pipelines';
import { rounded, type Scored } from '../examples/label-table.ts';
import { type Card, cardPage } from '../pages/cards.ts';
import { writePage } from '../pages/page.ts';
import type { Screen, Shown } from '../runs/shown.ts';
import { table } from '../terminal/index.ts';
import { t } from '../language/index.ts';

export interface Answered {
  readonly image: string;
  readonly question: string;
  readonly answer: string;
  readonly probability: number;
  /** The most probable answers, sorted by probability. */
  readonly probabilities: readonly Scored[];
  /** What the question-only baseline answers: the most frequent answer to this question in training. */
  readonly questionOnly: string;
}

/** A question with the number of its image. */
export interface AskedQuestion {
  readonly image: string;
  readonly question: string;
  readonly which: number;
}

/** Image `n` of those that are held. */
export function imageOf({ shape: [, height, width], data }: Images, n: number): RawImage {
  const bytes = height * width * 3;
  return { height, width, data: data.subarray(n * bytes, (n + 1) * bytes) as Uint8Array };
}

/** The `top` answers to each question; the images are held as the model reads them. */
export async function answerQuestions(
  pipeline: VisualQuestionAnsweringPipeline,
  images: Images,
  asked: readonly AskedQuestion[],
  top: number,
): Promise<Answered[]> {
  const pixels = new Map<number, RawImage>();
  const pixelsOf = (n: number) => {
    const image = pixels.get(n) ?? imageOf(images, n);
    pixels.set(n, image);
    return image;
  };
  const found = await pipeline.predict(
    asked.map(({ which, question }) => ({ image: pixelsOf(which), question })),
    { topK: top },
  );
  return found.map((answer, n) => answeredOf(asked[n].image, answer));
}

/** Scores with the digits that float32 has. */
function answeredOf(image: string, { question, answer, scores, questionOnly }: Answer): Answered {
  const probabilities = scores.map((one) => rounded({ label: one.answer, score: one.score }));
  return { image, question, answer, probability: probabilities[0].score, probabilities, questionOnly };
}

/** A line for each question: whether it is right, the answer and its probability, the question. */
export function answerRows(
  predicted: readonly Answered[],
  targets: readonly string[],
  { width, style: { green, red, dim } }: Screen,
): string[] {
  const rows = predicted.map(({ answer, probability, question }, n) => [
    answer === targets[n] ? '✓' : '✗',
    answer,
    probability.toFixed(2),
    question,
  ]);
  return table(rows, { width: width - 6 }).map((line, n) => {
    const [mark, rest] = [line.slice(0, 1), line.slice(1)];
    return predicted[n].answer === targets[n]
      ? green(mark) + rest
      : `${red(mark)}${rest}  ${dim(t`target ${targets[n]}`)}`;
  });
}

const mostLines = 8;

/** Answers with their targets. `page`: where more of them were written with their images. */
export function showAnswers(
  predicted: readonly Answered[],
  targets: readonly string[],
  of: { readonly title: string; readonly page: string } | null = null,
): Shown {
  const data = { answers: predicted.map((one, n) => ({ ...one, target: targets[n] })), page: of?.page ?? null };
  return {
    data,
    lines: (screen) => {
      const rows = answerRows(predicted.slice(0, mostLines), targets, screen);
      return of ? [`${of.title}:`, '', ...rows, '', t`with their images: ${of.page}`] : rows;
    },
  };
}

/** A page with the images, the questions and the answers. Returns its path. */
export function answerPage(
  path: string,
  about: { readonly title: string; readonly lines: readonly string[] },
  predicted: readonly Answered[],
  targets: readonly string[],
  images: readonly RawImage[],
): string {
  const cards = predicted.map((one, n): Card => {
    const right = one.answer === targets[n];
    return {
      images: [images[n]],
      title: one.question,
      right,
      predicted: one.probabilities.slice(0, 3).map(({ label, score }) => [label, score] as const),
      notes: [...(right ? [] : [t`Target: ${targets[n]}.`]), t`Question-only baseline: ${one.questionOnly}.`],
    };
  });
  return writePage(path, cardPage({ ...about, cards }));
}
