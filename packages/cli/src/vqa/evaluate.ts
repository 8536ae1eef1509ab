// How good a saved model's answers are, by the kind of question, next to its own with exchanged images and to the question-only baseline.

import { dirname } from 'node:path';
import { evaluateVisualQA } from 'unrolled';
import { questionOnlyAnswers } from 'unrolled/data';
import { visualQuestionAnswering } from 'unrolled/pipelines';
import { ownPart } from '../examples/parts.ts';
import { tidyLabel } from '../readers/index.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, stderr, table } from '../terminal/index.ts';
import type { VqaConfig } from './config.ts';
import { encodeQuestions, questionData, readFiles } from './data.ts';
import { t } from '../language/index.ts';

const say = (text: string) => void stderr.write(`${t(text)}\n`);

export async function evaluateVqa(saved: SavedRun<VqaConfig>, values: EvaluateValues): Promise<Report> {
  const { model, tokenizer, answers, baseline, input } = await saved.open(visualQuestionAnswering);
  const { rows, source, warnings, images, folder } = await rowsToMeasure(saved.config, values);
  const data = encodeQuestions(rows, { tokenizer, answers, maxLength: input.maxTokens }, images);
  const { loss, metrics, byType } = await evaluateVisualQA(model, data);
  const guessed = rows.map(({ question, answer }) =>
    Number(tidyLabel(questionOnlyAnswers(baseline, question)) === answer),
  );
  const known = new Set(answers.map(tidyLabel));
  const questionOnlyOf = (chosen: readonly number[]) =>
    chosen.reduce((sum, n) => sum + guessed[n], 0) / Math.max(1, chosen.length);
  const types = byType.map((row) => ({
    ...row,
    questionOnly: questionOnlyOf(rows.flatMap(({ type }, n) => (type === row.type ? [n] : []))),
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
    /** With every image exchanged for another; null for a model without images. */
    shuffled: metrics.shuffled ?? null,
    /** The question-only baseline: each question's most frequent answer in training. */
    questionOnly: questionOnlyOf(rows.map((_, n) => n)),
    unknownAnswers: rows.filter(({ answer }) => !known.has(answer)).length,
    byType: types,
  };
  return { result, warnings, lines: () => linesOf(result) };
}

async function rowsToMeasure(config: VqaConfig, values: EvaluateValues) {
  const { data } = config;
  const { read } = data;
  const { file, where, images: folder } = values;
  if (file !== null) {
    // Its images are next to it unless --images names a folder: never where those of the training data are.
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
  readonly questionOnly: number;
  readonly unknownAnswers: number;
  readonly byType: readonly {
    readonly type: string;
    readonly accuracy: number;
    readonly shuffled: number | null;
    readonly questionOnly: number;
    readonly count: number;
  }[];
}

const mostTypes = 20;

function linesOf(r: VqaResult): string[] {
  const unknown =
    r.unknownAnswers > 0 ? [[t('unknown answers'), t`${grouped(r.unknownAnswers)}, counted as wrong`]] : [];
  const shown = (v: number | null) => (v === null ? '' : v.toFixed(3));
  const lines = table([
    [t('accuracy'), r.accuracy.toFixed(4)],
    [
      t('images exchanged'),
      r.shuffled === null
        ? t('a model without images has none')
        : t`${r.shuffled.toFixed(4)}   (the same model, each question about another image)`,
    ],
    [t('question-only baseline'), t`${r.questionOnly.toFixed(4)}   (each question’s most frequent answer in training)`],
    [t('loss'), t`${r.loss.toFixed(4)} nats per question`],
    ...unknown,
    [t('measured on'), t`${grouped(r.rows)} questions of ${t(r.source)}`],
    ...(r.folder === null ? [] : [[t('images'), t`read from ${r.folder}`]]),
    [t('weights'), t`${r.run}, step ${r.step}`],
  ]);
  const rows = r.byType
    .slice(0, mostTypes)
    .map((t) => [t.type, t.accuracy.toFixed(3), shown(t.shuffled), t.questionOnly.toFixed(3), grouped(t.count)]);
  lines.push(
    '',
    ...table(rows, { header: [t('kind of question'), t('accuracy'), t('exchanged'), t('question-only'), t('count')] }),
  );
  if (r.shuffled !== null && r.accuracy - r.shuffled < 0.05)
    lines.push('', t('With other images it answers almost as well: it learned from the questions alone.'));
  return lines;
}
