// Answers to new questions: one image and what is asked about it, or a table of both.

import { dirname } from 'node:path';
import { OptionError } from 'unrolled';
import { scoreBars } from '../examples/label-table.ts';
import { InputNotices } from '../examples/notices.ts';
import { encodeTexts } from '../classify/data.ts';
import { wishOf } from '../examples/read.ts';
import { writeDrawings } from '../pages/drawing.ts';
import { holdImages } from '../images/hold.ts';
import { chooseColumns, inside, imageNames, Skipped, Table } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { styleFor } from '../terminal/index.ts';
import type { QuestionSource } from './data.ts';
import { type Answered, answerQuestions } from './answers.ts';
import { aboutFollowing, checkFollowing, followingOf } from './follow.ts';
import { restoreAnswerer } from './model.ts';
import type { VqaConfig } from './model.ts';

export async function* predictVqa(
  saved: SavedRun<VqaConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const loaded = restoreAnswerer(saved);
  const { config, tokenizer } = loaded;
  if (values.draw !== null) checkFollowing(values.draw, loaded);
  const { read } = config.data;
  const source = { ...read, images: values.images };
  const asked = values.file === null ? fromArguments(inputs) : await fromTable(values.file, values.where, source);
  const skipped = new Skipped('stop', ['image', 'images']);
  const files = asked.map(({ image }) => image);
  const { images, numbers } = await holdImages(files, read, skipped, warn);
  if (values.file !== null) warn(`images read from ${values.images ?? dirname(values.file)}`);
  const notices = new InputNotices(warn);
  const { maxLength } = config.training;
  for (const [n, { question }] of asked.entries())
    notices.look(n + 1, tokenizer.encode(question), tokenizer, { longest: Infinity, most: maxLength });
  notices.finish();
  const ids = encodeTexts(
    asked.map(({ question }) => question),
    tokenizer,
    maxLength,
  );
  const numbered = asked.map((one, n) => ({ ...one, ids: ids[n], which: numbers[n] }));
  const all = answerQuestions(loaded, images, numbered, values.top);
  for (const answered of all)
    yield { result: answered, lines: asked.length === 1 ? barsOf(answered) : [lineOf(answered)] };
  if (values.draw === null) return;
  const page = { title: 'Questions, word by word', about: aboutFollowing(loaded) };
  const drawn = await writeDrawings(values.draw, page, (size) =>
    numbered.map((one, n) => followingOf(loaded, images, { ...one, name: one.image, answer: all[n].answer }, size)),
  );
  for (const file of drawn) warn(`drawn: ${file}`);
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
    'say an image and a question: photo.jpg "what is it?" (or --file questions.csv)',
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

function barsOf({ probabilities, blind }: Answered): string[] {
  const style = styleFor(process.stdout);
  return [...scoreBars(probabilities, style), style.dim(`without looking: ${blind}`)];
}

function lineOf({ answer, probability, image, question }: Answered): string {
  return `${answer}\t${probability.toFixed(3)}\t${image}\t${question}`;
}
