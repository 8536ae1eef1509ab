// Answers to new questions: one image and what is asked about it, or a table of both.

import { dirname } from 'node:path';
import { OptionError } from 'unrolled';
import { visualQuestionAnswering } from 'unrolled/pipelines';
import { scoreBars } from '../examples/label-table.ts';
import { InputNotices } from '../examples/notices.ts';
import { wishOf } from '../examples/read.ts';
import { holdImages } from '../images/hold.ts';
import { chooseColumns, inside, imageNames, Skipped, Table } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import type { Style } from '../terminal/index.ts';
import type { QuestionSource } from './data.ts';
import { type Answered, answerQuestions, imageOf } from './answers.ts';
import type { VqaConfig } from './config.ts';
import { checkMaps, drawMaps } from './draw.ts';

export async function* predictVqa(
  saved: SavedRun<VqaConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(visualQuestionAnswering);
  const { tokenizer, input } = pipeline;
  if (values.draw !== null) checkMaps(values.draw, pipeline);
  const { read } = saved.config.data;
  const source = { ...read, images: values.images };
  const asked = values.file === null ? fromArguments(inputs) : await fromTable(values.file, values.where, source);
  const skipped = new Skipped('stop', ['image', 'images']);
  const files = asked.map(({ image }) => image);
  const { images, numbers } = await holdImages(files, read, skipped, warn); // as for training
  if (values.file !== null) warn(`images read from ${values.images ?? dirname(values.file)}`);
  const notices = new InputNotices(warn);
  for (const [n, { question }] of asked.entries())
    notices.look(n + 1, tokenizer.encode(question), tokenizer, { longest: Infinity, most: input.maxTokens });
  notices.finish();
  const numbered = asked.map((one, n) => ({ ...one, which: numbers[n] }));
  const all = await answerQuestions(pipeline, images, numbered, values.topK);
  for (const answered of all)
    yield {
      result: answered,
      lines: ({ style }) => (asked.length === 1 ? barsOf(answered, style) : [lineOf(answered)]),
    };
  if (values.draw === null) return;
  const pixels = numbered.map(({ which }) => imageOf(images, which));
  for (const file of await drawMaps(values.draw, pipeline, all, pixels)) warn(`drawn: ${file}`);
}

interface Request {
  readonly image: string;
  readonly question: string;
}

function fromArguments([image, ...questions]: readonly string[]): Request[] {
  if (image !== undefined && questions.length > 0) return questions.map((question) => ({ image, question }));
  throw new OptionError(
    'predict',
    'inputs',
    'name an image and ask a question: photo.jpg "what is it?" (or --file questions.csv)',
  );
}

/** A row that is no row stops it, with its number: every row has an answer. */
async function fromTable(
  file: string,
  where: string | null,
  { images: folder, columns, header }: Pick<QuestionSource, 'images' | 'columns' | 'header'>,
): Promise<Request[]> {
  const source = await Table.open([file], { where, header });
  const wishes = {
    image: wishOf('--image', columns.image, imageNames, { remembered: true }),
    question: wishOf('--question', columns.question, ['question', 'query', 'text'], { remembered: true }),
  };
  const { image, question } = chooseColumns(wishes, source.columns, file);
  const asked: Request[] = [];
  for await (const rows of source.read([image as string, question as string], new Skipped('stop')))
    for (const { row, cells } of rows) {
      const found = inside(folder ?? dirname(file), cells[0] ?? '');
      if ('problem' in found) throw new OptionError('predict', `${file}, row ${row}`, `${cells[0]}: ${found.problem}`);
      asked.push({ image: found.path, question: cells[1] ?? '' });
    }
  return asked;
}

function barsOf({ probabilities, questionOnly }: Answered, style: Style): string[] {
  return [...scoreBars(probabilities, style), style.dim(`question-only baseline: ${questionOnly}`)];
}

function lineOf({ answer, probability, image, question }: Answered): string {
  return `${answer}\t${probability.toFixed(3)}\t${image}\t${question}`;
}
