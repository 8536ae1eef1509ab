// Questions about images: from files of any layout that is read and a folder of images, or synthetic.

import { createHash } from 'node:crypto';
import { FormatError, type ImageQuestions } from 'unrolled';
import {
  exchangeWords,
  type Images,
  type ImageSymmetry,
  makeQuestions,
  mirrorImages,
  questionTypes,
  type Tokenizer,
} from 'unrolled/data';
import { encodeTexts } from '../examples/encode.ts';
import { nothingNamed, runName } from '../examples/read.ts';
import { splitExamples } from '../examples/split.ts';
import type { SquareImages } from '../images/contract.ts';
import { type Held, holdImages } from '../images/hold.ts';
import { type Asked, type BadRows, readQuestions, Skipped, tidyLabel } from '../readers/index.ts';
import { vqaDemos } from './options.ts';

/** Where questions and images are and how to read them: kept in config.json. */
export interface QuestionSource extends SquareImages {
  readonly paths: readonly string[];
  readonly demo: string | null;
  readonly images: string | null;
  readonly columns: Readonly<Record<'image' | 'question' | 'answer' | 'type', string | null>>;
  readonly where: string | null;
  readonly header: boolean;
  readonly badRows: string;
  readonly validation: string | null;
  readonly valFrac: number;
  readonly seed: number;
}

export interface Question extends Pick<Asked, 'question' | 'answer' | 'answers' | 'part'> {
  /** Its file; for a synthetic image, a name. */
  readonly image: string;
  /** The number of its image. */
  readonly which: number;
  readonly type: string;
}

export interface QuestionData {
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  readonly train: readonly Question[];
  readonly validation: readonly Question[];
  /** Of both parts, each image once. */
  readonly images: Images;
  readonly warnings: readonly string[];
}

const demoScenes = 8000;

/** Reads and splits; the same source gives the same parts. An image and all its questions are on one side. */
export async function questionData(source: QuestionSource, say: (text: string) => void): Promise<QuestionData> {
  if (source.demo) return demoData(source);
  if (source.paths.length === 0) throw nothingNamed('vqa', 'a file with images, questions and answers', vqaDemos);
  const first = await readFiles(source.paths, source, say);
  const name = runName(source.paths, 'vqa');
  const { images, warnings } = first;
  if (source.validation === null)
    return finish({ name, source: first.source, images, warnings }, partsOf(first.questions, source));
  const other = await readFiles([source.validation], source, say);
  const before = images.shape[0];
  const validation = other.questions.map((one) => ({ ...one, which: one.which + before }));
  return finish(
    {
      name,
      source: first.source,
      images: joined(images, other.images),
      warnings: [...warnings, ...other.warnings],
    },
    [first.questions, validation],
  );
}

/** Questions of these files and their images. */
export async function readFiles(
  paths: readonly string[],
  source: QuestionSource,
  say: (text: string) => void,
): Promise<Pick<QuestionData, 'source' | 'images' | 'warnings'> & { readonly questions: readonly Question[] }> {
  const { images: folder, badRows, where, header, columns } = source;
  const read = await readQuestions(paths, { images: folder, badRows: badRows as BadRows, where, header, columns });
  const rows = read.questions.length + read.skipped.count;
  const files = read.questions.map(({ image }) => image);
  const damaged = new Skipped(badRows as BadRows, ['image', 'images']);
  const held: Held = await holdImages(files, source, damaged, say);
  const warnings = [...read.skipped.report(read.source, rows), ...damaged.report(read.source, new Set(files).size)];
  const types = questionTypes(read.questions.map(({ question }) => question));
  const questions = read.questions.flatMap(({ image, question, answer, answers, type, part }, n) =>
    held.numbers[n] < 0
      ? []
      : [{ image, question, answer, answers, part, type: type ?? types[n], which: held.numbers[n] }],
  );
  return { source: read.source, images: held.images, warnings, questions };
}

/** Two shapes a scene, and several questions about each: what a small network learns to answer in a minute. */
function demoData(source: QuestionSource): QuestionData {
  const made = makeQuestions(demoScenes, 1, {
    size: source.size,
    types: ['color', 'shape', 'count', 'exists'],
    maxObjects: 2,
    objectSizes: ['big'],
    perScene: 6,
  });
  const scenes = [...new Set(made.map(({ image }) => image))];
  const number = new Map(scenes.map((image, n) => [image, n]));
  const { height, width } = scenes[0];
  const data = new Uint8Array(scenes.length * height * width * 3);
  for (const [n, image] of scenes.entries()) data.set(image.data, n * image.data.length);
  const questions = made.map(({ image, question, answer, type }): Question => {
    const which = number.get(image) as number;
    return { image: `scene ${which + 1}`, which, question, answer, answers: null, type, part: null };
  });
  const images = { shape: [scenes.length, height, width, 3], data };
  const about = {
    name: 'scenes',
    source: 'drawn scenes of two shapes, and questions about them',
    images,
    warnings: [],
  };
  return finish(about, partsOf(questions, source));
}

/** The parts that the data name, or parts drawn by the seed. What the data keep for testing is in neither. */
function partsOf(questions: readonly Question[], { valFrac, seed }: QuestionSource): [Question[], Question[]] {
  const named = (part: string) => questions.filter((one) => one.part === part);
  if (named('train').length > 0 && named('validation').length > 0) return [named('train'), named('validation')];
  const groups = questions.map(({ image }) => image);
  const { train, validation } = splitExamples(questions.length, valFrac, seed, { groups });
  return [train.map((n) => questions[n]), validation.map((n) => questions[n])];
}

function joined(a: Images, b: Images): Images {
  const data = new Uint8Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { shape: [a.shape[0] + b.shape[0], ...a.shape.slice(1)], data };
}

function finish(
  about: Pick<QuestionData, 'name' | 'source' | 'images' | 'warnings'>,
  [train, validation]: readonly [readonly Question[], readonly Question[]],
): QuestionData {
  if (train.length === 0) throw new FormatError(about.source, 'holds no questions to learn from');
  const hash = createHash('sha256');
  for (const part of [train, validation]) {
    for (const { which, question, answer } of part) hash.update(`${JSON.stringify([which, question, answer])}\n`);
    hash.update('\0');
  }
  hash.update(about.images.data);
  return { ...about, sha256: hash.digest('hex'), train, validation };
}

/** The questions about every view of their images, with the words of the view exchanged in question and answer; and the images of all views. */
export function viewsOf(
  rows: readonly Question[],
  images: Images,
  symmetries: readonly ImageSymmetry[],
): { readonly rows: readonly Question[]; readonly images: Images } {
  if (symmetries.length === 1) return { rows, images };
  const N = images.shape[0];
  const views = symmetries.map(({ horizontal, vertical }) =>
    horizontal || vertical
      ? { shape: images.shape, data: mirrorImages(images.data as Uint8Array, images.shape, { horizontal, vertical }) }
      : images,
  );
  return {
    images: views.reduce(joined),
    rows: symmetries.flatMap(({ words }, v) =>
      rows.map((row) => ({
        ...row,
        which: row.which + v * N,
        question: exchangeWords(row.question, words),
        answer: exchangeWords(row.answer, words),
      })),
    ),
  };
}

/** Rows as the model learns from them. An answer that it does not have is −1. */
export function encodeQuestions(
  rows: readonly Question[],
  {
    tokenizer,
    answers,
    maxLength,
  }: { readonly tokenizer: Tokenizer; readonly answers: readonly string[]; readonly maxLength: number },
  images: Images,
): ImageQuestions {
  const number = new Map(answers.map((answer, k) => [tidyLabel(answer), k])); // saved before labels had one form
  const questions = encodeTexts(
    rows.map(({ question }) => question),
    tokenizer,
    maxLength,
  );
  return {
    images,
    questions,
    which: rows.map(({ which }) => which),
    answers: rows.map(({ answer }) => number.get(tidyLabel(answer)) ?? -1),
    types: rows.map(({ type }) => type),
  };
}
