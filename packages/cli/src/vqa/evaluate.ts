// How good saved answers are, by the kind of question, and beside them what the same model says of exchanged images and what needs no image.

import { dirname } from 'node:path';
import { evaluateVisualQA, questionOnlyAnswers } from 'unrolled';
import { ownPart } from '../examples/parts.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, stderr, table } from '../terminal/index.ts';
import { questionData, readFiles } from './data.ts';
import { encodeQuestions, type LoadedAnswerer, restoreAnswerer } from './model.ts';
import type { VqaConfig } from './model.ts';

const say = (text: string) => void stderr.write(`${text}\n`);

export async function evaluateVqa(saved: SavedRun<VqaConfig>, values: EvaluateValues): Promise<Report> {
  const loaded = restoreAnswerer(saved);
  const { model, answers, blind } = loaded;
  const { rows, source, warnings, images, folder } = await rowsToMeasure(loaded, values);
  const data = encodeQuestions(rows, { ...loaded, maxLength: loaded.config.training.maxLength }, images);
  const { loss, metrics, byType } = await evaluateVisualQA(model, data);
  const guessed = rows.map(({ question, answer }) => Number(questionOnlyAnswers(blind, question) === answer));
  const questionOnlyOf = (chosen: readonly number[]) =>
    chosen.reduce((sum, n) => sum + guessed[n], 0) / Math.max(1, chosen.length);
  const types = byType.map((row) => ({
    ...row,
    blind: questionOnlyOf(rows.flatMap(({ type }, n) => (type === row.type ? [n] : []))),
  }));
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    /** Where the images of the file are; null for the run's own. */
    folder,
    rows: rows.length,
    loss,
    accuracy: metrics.accuracy,
    /** With every image exchanged for another; null for a blind model. */
    shuffled: metrics.shuffled ?? null,
    /** Each question's most frequent answer in training. */
    blind: questionOnlyOf(rows.map((_, n) => n)),
    unknownAnswers: rows.filter(({ answer }) => !answers.includes(answer)).length,
    byType: types,
  };
  return { result, lines: [...warnings, ...linesOf(result)] };
}

async function rowsToMeasure({ config }: LoadedAnswerer, values: EvaluateValues) {
  const { data } = config;
  const { read } = data;
  const { file, where, images: folder } = values;
  if (file !== null) {
    // Its images are beside it unless it is said where: never where those of the training data are.
    const badRows = values.badRows ?? read.badRows;
    const {
      questions: rows,
      images,
      warnings,
    } = await readFiles([file], { ...read, where, badRows, images: folder }, say);
    return { rows, source: file, warnings, images, folder: folder ?? dirname(file) };
  }
  const own = await questionData(read, say);
  const from = ownPart({ ...own, count: own.validation.length }, data);
  return {
    images: own.images,
    rows: own.validation,
    source: from,
    warnings: [] as string[],
    folder: null,
  };
}

interface VqaResult {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly folder: string | null;
  readonly rows: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly shuffled: number | null;
  readonly blind: number;
  readonly unknownAnswers: number;
  readonly byType: readonly {
    readonly type: string;
    readonly accuracy: number;
    readonly shuffled: number | null;
    readonly blind: number;
    readonly count: number;
  }[];
}

const mostTypes = 20;

function linesOf(r: VqaResult): string[] {
  const unknown = r.unknownAnswers > 0 ? [['unknown answers', `${grouped(r.unknownAnswers)}, counted as wrong`]] : [];
  const shown = (v: number | null) => (v === null ? '' : v.toFixed(3));
  const lines = table([
    ['accuracy', r.accuracy.toFixed(4)],
    [
      'images exchanged',
      r.shuffled === null
        ? 'a blind model has none'
        : `${r.shuffled.toFixed(4)}   (the same model, each question about another image)`,
    ],
    ['without looking', `${r.blind.toFixed(4)}   (each question’s most frequent answer in training)`],
    ['loss', `${r.loss.toFixed(4)} nats per question`],
    ...unknown,
    ['measured on', `${grouped(r.rows)} questions of ${r.source}`],
    ...(r.folder === null ? [] : [['images', `read from ${r.folder}`]]),
    ['weights', `${r.run}, step ${r.step}`],
  ]);
  const rows = r.byType
    .slice(0, mostTypes)
    .map((t) => [t.type, t.accuracy.toFixed(3), shown(t.shuffled), t.blind.toFixed(3), grouped(t.count)]);
  lines.push('', ...table(rows, { header: ['kind of question', 'accuracy', 'exchanged', 'blind', 'count'] }));
  if (r.shuffled !== null && r.accuracy - r.shuffled < 0.05)
    lines.push('', 'With other images it answers almost as well: it has learned from the questions, not to look.');
  return lines;
}
