// Reads questions about images and their answers, from
//
//   a list          [{ "image", "question", "answer", "type"? }]       or easy-VQA's [["question", "answer", image], …]
//   CSV, TSV, JSON lines, Parquet   columns image, question, answer, and type where there is one
//   VQA v2          two files: { "questions": [{ "question_id", "image_id", "question" }] }
//                   and { "annotations": [{ "question_id", "multiple_choice_answer", "answers", "answer_type" }] }
//   CLEVR           { "questions": [{ "image_filename", "question", "answer" }] }

import { FormatError } from 'unrolled';
import { chooseColumns } from './columns.ts';
import {
  asObject,
  dataFile,
  describeJson,
  field,
  isTable,
  type Part,
  partOf,
  type ImagedOptions,
  ImageFinder,
  imageNames,
  readJson,
  rootOf,
  spellings,
  tidyLabel,
} from './image-rows.ts';
import { type Place, Skipped } from './skipped.ts';
import { Table } from './table.ts';

export interface Asked {
  /** Path of the image file. */
  readonly image: string;
  /** Name of the image in the data. */
  readonly name: string;
  readonly question: string;
  readonly answer: string;
  /** Human answers, where the data have several (VQA v2 has ten). */
  readonly answers: readonly string[] | null;
  /** Question type, where the data have it. */
  readonly type: string | null;
  readonly part: Part | null;
}

export interface QuestionData {
  readonly source: string;
  readonly questions: readonly Asked[];
  readonly skipped: Skipped;
}

/** Reads questions in any known layout. `skipped.report(source, questions.length + skipped.count)` lists what was left out. */
export async function readQuestions(paths: readonly string[], options: ImagedOptions = {}): Promise<QuestionData> {
  const skipped = new Skipped(options.badRows ?? 'few', ['question', 'questions']);
  const gathered = new Gathered(skipped);
  const source = paths.join(', ');
  const vqa = new Map<string, Json>();
  for (const given of paths) {
    const path = dataFile(given, ['questions', 'vqa']);
    if (isTable(path)) await fromTable(path, options, gathered);
    else {
      const json = readJson(path);
      if (!fromJson(path, json, options, gathered)) vqa.set(path, asObject(json) as Json);
    }
  }
  if (vqa.size > 0) fromPairs(vqa, options, gathered);
  if (gathered.questions.length === 0 && skipped.count === 0)
    throw new FormatError(source, 'there are no questions in it');
  return { source, questions: gathered.questions, skipped };
}

type Json = Readonly<Record<string, unknown>>;

/** A row before it is checked. */
interface Raw {
  readonly names: readonly string[] | null;
  readonly question: string | null;
  readonly answer: string | null;
  readonly answers?: readonly string[] | null;
  readonly type?: string | null;
  readonly part?: Part | null;
}

class Gathered {
  readonly questions: Asked[] = [];
  readonly skipped: Skipped;

  constructor(skipped: Skipped) {
    this.skipped = skipped;
  }

  add(finder: ImageFinder, raw: Raw, place: Place): void {
    const { names, answers = null, type = null, part = null } = raw;
    const [question, answer] = [tidyLabel(raw.question ?? ''), tidyLabel(raw.answer ?? '')];
    if (!names || names[0] === '') this.skipped.add(place, 'without the name of an image');
    else if (question === '') this.skipped.add(place, 'empty');
    else if (answer === '') this.skipped.add(place, 'without an answer');
    else {
      const image = finder.find(names, place);
      if (image !== null)
        this.questions.push({ image, name: names[0], question, answer, answers, type: type || null, part });
    }
  }
}

const typeNames = ['type', 'question_type', 'answer_type', 'kind', 'category'];

async function fromTable(path: string, options: ImagedOptions, gathered: Gathered): Promise<void> {
  const { columns: named = {}, where = null, header = true } = options;
  const table = await Table.open([path], { where, header });
  const wishes = {
    image: { flag: '--image', given: named.image ?? null, guesses: [...imageNames, 'image_id'] },
    question: { flag: '--question', given: named.question ?? null, guesses: ['question', 'query', 'text'] },
    answer: { flag: '--answer', given: named.answer ?? null, guesses: ['answer', 'label', 'target'] },
    type: { flag: '--type', given: named.type ?? null, guesses: typeNames, optional: true },
    part: { flag: '--split', given: named.split ?? null, guesses: ['split', 'part'], optional: true },
  };
  const chosen = chooseColumns(wishes, table.columns, path);
  const keys = (Object.keys(chosen) as (keyof typeof wishes)[]).filter((key) => chosen[key] !== null);
  const finder = new ImageFinder(rootOf(path, options), gathered.skipped);
  const columns = keys.map((key) => chosen[key] as string);
  for await (const rows of table.read(columns, gathered.skipped)) {
    for (const { file, row, cells } of rows) {
      const cell = (key: keyof typeof wishes) => (keys.includes(key) ? cells[keys.indexOf(key)] : null);
      const name = cell('image');
      const raw = { names: name ? spellings(name) : null, question: cell('question'), answer: cell('answer') };
      gathered.add(finder, { ...raw, type: cell('type'), part: partOf(cell('part')) }, { file, row });
    }
  }
  finder.check(path);
}

const layouts =
  'expected a list of { image, question, answer }, a list of [question, answer, image], the two files of VQA v2, or { questions } as CLEVR has it';

/** False for one of the two files of VQA v2. */
function fromJson(path: string, json: unknown, options: ImagedOptions, gathered: Gathered): boolean {
  const object = asObject(json);
  if (Array.isArray(object?.annotations) && asObject(object.annotations[0])?.question_id !== undefined) return false;
  const list = Array.isArray(json) ? json : object?.questions;
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const entry = asObject(first);
  if (entry?.question_id !== undefined && field(entry, ['answer']) === null && object?.questions) return false;
  const triples = Array.isArray(first) && first.length === 3;
  if (!Array.isArray(list) || (!triples && (!entry || !('question' in entry)))) {
    throw new FormatError(path, `is not a layout of questions that is known: ${layouts}; got ${describeJson(json)}`);
  }
  const finder = new ImageFinder(rootOf(path, options), gathered.skipped);
  list.forEach((row: unknown, i) => {
    const place = { file: path, row: i + 1 };
    gathered.add(finder, triples ? fromTriple(row) : fromObject(asObject(row) ?? {}), place);
  });
  finder.check(path);
  return true;
}

function fromTriple(row: unknown): Raw {
  const cell = (at: number) => (Array.isArray(row) ? field({ cell: row[at] as unknown }, ['cell']) : null);
  const [question, answer, image] = [cell(0), cell(1), cell(2)];
  return { names: image ? spellings(image) : null, question, answer };
}

function fromObject(row: Json): Raw {
  const name = field(row, [...imageNames, 'image_id']);
  return {
    names: name === null ? null : spellings(name),
    question: field(row, ['question']),
    answer: field(row, ['answer', 'label']),
    type: field(row, typeNames),
    part: partOf(row.split),
  };
}

/** Joins questions of some files with the answers of others. */
function fromPairs(files: ReadonlyMap<string, Json>, options: ImagedOptions, gathered: Gathered): void {
  const answers = new Map<string | null, Json>(); // ids are numbers in one file and texts in another
  const asking = [...files].filter(([, json]) => Array.isArray(json.questions));
  const answering = [...files].filter(([, json]) => Array.isArray(json.annotations));
  for (const [, json] of answering)
    for (const annotation of (json.annotations as unknown[]).map(asObject))
      if (annotation) answers.set(field(annotation, ['question_id']), annotation);
  if (asking.length === 0 || answering.length === 0) {
    const [there, missing] = asking.length > 0 ? ['questions', 'annotations'] : ['annotations', 'questions'];
    throw new FormatError([...files.keys()][0], `has ${there} of VQA v2; name the file with the ${missing} too`);
  }
  for (const [path, json] of asking) {
    const finder = new ImageFinder(rootOf(path, options), gathered.skipped);
    const subset = field(json, ['data_subtype']);
    for (const [i, row] of (json.questions as unknown[]).map(asObject).entries()) {
      const annotation = answers.get(field(row ?? {}, ['question_id']));
      const name = row && field(row, ['image_id']);
      const predicted = Array.isArray(annotation?.answers)
        ? annotation.answers.map((one) => field(asObject(one) ?? {}, ['answer']))
        : [];
      const raw = {
        names: name ? spellings(name, subset) : null,
        question: row && field(row, ['question']),
        answer: annotation ? field(annotation, ['multiple_choice_answer', 'answer']) : null,
        answers: predicted.length > 0 ? predicted.filter((one) => one !== null).map(tidyLabel) : null,
        type: annotation ? field(annotation, ['answer_type', 'question_type']) : null,
      };
      gathered.add(finder, raw, { file: path, row: i + 1 });
    }
    finder.check(path);
  }
}
