// Answers to new questions: one picture and what is asked about it, or a table of both.

import { dirname } from 'node:path';
import { OptionError } from 'unrolled';
import { encodeTexts } from '../classify/data.ts';
import { writeDrawings } from '../pictures/drawing.ts';
import { holdPictures } from '../pictures/hold.ts';
import { chooseColumns, inside, Skipped, Table } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { bar, padEnd, stderr, styleFor, table } from '../terminal/index.ts';
import { type Answered, answerQuestions } from './answers.ts';
import { aboutFollowing, checkFollowing, followingOf } from './follow.ts';
import { restoreAnswerer } from './model.ts';

const say = (text: string) => void stderr.write(`${text}\n`);

export async function* predictVqa(
  saved: SavedRun,
  values: PredictValues,
  inputs: readonly string[],
): AsyncGenerator<Prediction, void> {
  const loaded = restoreAnswerer(saved);
  const { config, tokenizer } = loaded;
  if (values.draw !== null) checkFollowing(values.draw, loaded);
  const { read } = config.data;
  const asked =
    values.file === null ? fromArguments(inputs) : await fromTable(values.file, values.where, read.pictures);
  const skipped = new Skipped('stop', ['picture', 'pictures']);
  const files = asked.map(({ picture }) => picture);
  const { pictures, numbers } = await holdPictures(files, read.size, skipped, say);
  const ids = encodeTexts(
    asked.map(({ question }) => question),
    tokenizer,
    config.training.maxLength,
  );
  const numbered = asked.map((one, n) => ({ ...one, ids: ids[n], which: numbers[n] }));
  const all = answerQuestions(loaded, pictures, numbered, values.top);
  for (const answered of all)
    yield { result: answered, lines: asked.length === 1 ? bars(answered) : [lineOf(answered)] };
  if (values.draw === null) return;
  const page = { title: 'Questions, word by word', about: aboutFollowing(loaded) };
  const drawn = await writeDrawings(values.draw, page, (size) =>
    numbered.map((one, n) => followingOf(loaded, pictures, { ...one, name: one.picture, answer: all[n].answer }, size)),
  );
  for (const file of drawn) say(`drawn: ${file}`);
}

interface Request {
  readonly picture: string;
  readonly question: string;
}

function fromArguments([picture, ...questions]: readonly string[]): Request[] {
  if (picture !== undefined && questions.length > 0) return questions.map((question) => ({ picture, question }));
  throw new OptionError(
    'predict',
    'inputs',
    'say a picture and a question: photo.jpg "what is it?" (or --file questions.csv)',
  );
}

async function fromTable(file: string, where: string | null, folder: string | null): Promise<Request[]> {
  const source = await Table.open([file], { where });
  const wishes = {
    picture: { flag: '--image', given: null, guesses: ['image', 'picture', 'file', 'filename', 'path'] },
    question: { flag: '--question', given: null, guesses: ['question', 'text'] },
  };
  const { picture, question } = chooseColumns(wishes, source.columns, file);
  const asked: Request[] = [];
  for await (const rows of source.read([picture as string, question as string], new Skipped('skip')))
    for (const { row, cells } of rows) {
      const found = inside(folder ?? dirname(file), cells[0] ?? '');
      if ('problem' in found) throw new OptionError('predict', `${file}, row ${row}`, `${cells[0]}: ${found.problem}`);
      asked.push({ picture: found.path, question: cells[1] ?? '' });
    }
  return asked;
}

function bars({ probabilities, blind }: Answered): string[] {
  const style = styleFor(process.stdout);
  const shown = Object.entries(probabilities).slice(0, 10);
  const rows = table(shown.map(([answer]) => [answer]));
  const width = Math.max(...rows.map((row) => row.length));
  return [
    ...shown.map(([, p], n) => `${padEnd(rows[n], width)}  ${bar(p, 24, style)}  ${p.toFixed(3)}`),
    style.dim(`without looking: ${blind}`),
  ];
}

function lineOf({ answer, probability, picture, question }: Answered): string {
  return `${answer}\t${probability.toFixed(3)}\t${picture}\t${question}`;
}
