// Answers to new questions: one image and what is asked about it, or a table of both.

import { dirname } from 'node:path';
import { OptionError } from 'unrolled';
import { visualQuestionAnswering } from 'unrolled/pipelines';
import { scoreBars } from '../examples/label-table.ts';
import { InputNotices } from '../examples/notices.ts';
import { wishOf } from '../examples/read.ts';
import { holdImages } from '../images/hold.ts';
import { badInputsOf, imagesOf, withoutAnswer } from '../images/inputs.ts';
import { chooseColumns, inside, imageNames, Skipped, Table } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import type { Style } from '../terminal/index.ts';
import type { QuestionSource } from './data.ts';
import { type Answered, answerQuestions, imageOf } from './answers.ts';
import type { VqaConfig } from './config.ts';
import { checkMaps, drawMaps } from './draw.ts';
import { t } from '../language/index.ts';

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
  const bad = badInputsOf(values.badRows, asked.length);
  const problem = asked.find((one) => one.problem !== null);
  if (problem && bad === 'stop')
    throw new OptionError(
      'predict',
      `${values.file ?? ''}, row ${problem.row}`,
      `${problem.image}: ${problem.problem}`,
    );
  const skipped = new Skipped(bad, ['image', 'images']);
  const files = asked.flatMap((one) => (one.problem === null ? [one.image] : []));
  const { images, numbers } = await holdImages(files, read, skipped, warn); // as for training
  if (values.file !== null) warn(t`images read from ${values.images ?? dirname(values.file)}`);
  const places = numbers.values();
  const why = new Map(skipped.all.map((one) => [one.file, one.why]));
  const rows = asked.map((one) => {
    const which = one.problem === null ? (places.next().value as number) : -1;
    return { ...one, which, problem: one.problem ?? (which < 0 ? (why.get(one.image) ?? 'cannot be used') : null) };
  });
  const numbered = rows.filter((one) => one.problem === null);
  const notices = new InputNotices(warn);
  for (const { row, question } of numbered)
    notices.look(row, tokenizer.encode(question), tokenizer, { longest: Infinity, most: input.maxTokens });
  for (const one of rows) if (one.problem !== null) notices.lack(one.row, `${one.image}: ${one.problem}`);
  notices.finish();
  const all = await answerQuestions(pipeline, images, numbered, values.topK);
  const answers = all.values();
  for (const { image, question, problem: error } of rows) {
    if (error !== null) {
      yield withoutAnswer({ image, question }, error);
      continue;
    }
    const answered = answers.next().value as Answered;
    yield {
      result: answered,
      lines: ({ style }) => (asked.length === 1 ? barsOf(answered, style) : [lineOf(answered)]),
    };
  }
  if (values.draw === null) return;
  const pixels = numbered.map(({ which }) => imageOf(images, which));
  for (const file of await drawMaps(values.draw, pipeline, all, pixels)) warn(t`drawn: ${file}`);
}

interface Request {
  /** From 1. */
  readonly row: number;
  readonly image: string;
  readonly question: string;
  /** Why there is no image. */
  readonly problem: string | null;
}

/** An image, or a folder of them, and what is asked about each. */
function fromArguments([image, ...questions]: readonly string[]): Request[] {
  if (image !== undefined && questions.length > 0)
    return imagesOf([image])
      .flatMap((one) => questions.map((question) => ({ image: one, question, problem: null })))
      .map((one, n) => ({ row: n + 1, ...one }));
  throw new OptionError(
    'predict',
    'inputs',
    'name an image, or a folder of images, and ask a question: photo.jpg "what is it?" (or --file questions.csv)',
  );
}

/** Every row has an answer, or the reason why there is none. */
async function fromTable(
  file: string,
  where: string | null,
  { images: folder, columns, header }: Pick<QuestionSource, 'images' | 'columns' | 'header'>,
): Promise<Request[]> {
  const source = await Table.open([file], { where, header });
  const wishes = {
    image: wishOf('--image', columns.image, imageNames, { remembered: true }),
    question: wishOf('--question', columns.question, [t('question'), 'query', 'text'], { remembered: true }),
  };
  const { image, question } = chooseColumns(wishes, source.columns, file);
  const asked: Request[] = [];
  const skipped = new Skipped('skip');
  for await (const rows of source.read([image as string, question as string], skipped))
    for (const { row, cells } of rows) {
      const found = inside(folder ?? dirname(file), cells[0] ?? '');
      const [name, text] = [cells[0] ?? '', cells[1] ?? ''];
      if ('path' in found) asked.push({ row, image: found.path, question: text, problem: null });
      else asked.push({ row, image: name, question: text, problem: found.problem });
    }
  const without = skipped.all.map(({ row, why }) => ({ row, image: '', question: '', problem: why }));
  return [...asked, ...without].sort((a, b) => a.row - b.row);
}

function barsOf({ probabilities, questionOnly }: Answered, style: Style): string[] {
  return [...scoreBars(probabilities, style), style.dim(t`question-only baseline: ${questionOnly}`)];
}

function lineOf({ answer, probability, image, question }: Answered): string {
  return `${answer}\t${probability.toFixed(3)}\t${image}\t${question}`;
}
