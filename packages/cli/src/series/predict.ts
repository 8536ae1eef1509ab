// Labels of new number sequences: the most probable ones of each, or a timeline of its steps.

import { OptionError } from 'unrolled';
import { timeSeriesClassification } from 'unrolled/pipelines';
import { predictOptions } from '../command-line/tables.ts';
import { rounded, scoreBars } from '../examples/label-table.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { timelineText } from '../terminal/index.ts';
import type { SeriesConfig } from './config.ts';
import { readOther, reportOf } from './data.ts';
import { numberSequence, type NumberExample, type Per } from './source.ts';
import { t } from '../language/index.ts';

const together = 256; // sequences

export async function* predictSeries(
  saved: SavedRun<SeriesConfig>,
  values: PredictValues,
  inputs: readonly string[],
  { per, warn }: { readonly per: Per; readonly warn: (text: string) => void },
): AsyncGenerator<Prediction, void> {
  if (per === 'step' && values.topK !== predictOptions.topK.default)
    throw new OptionError(
      'predict',
      '--top-k',
      'means nothing to a run of labels for each step: each step has its label',
    );
  const files = values.file === null ? inputs : [values.file];
  if (files.length === 0)
    throw new OptionError(
      'predict',
      'inputs',
      'name files with number sequences: CSV, JSON lines, Parquet, .npy or .npz',
    );
  const pipeline = await saved.open(timeSeriesClassification);
  const { read } = saved.config.data;
  const source = {
    ...read,
    where: values.where,
    badRows: 'skip',
    missing: read.missing === 'skip' ? 'fill' : read.missing,
  };
  for (const file of files) {
    const set = await readOther(file, source, per, pipeline.features.names, false);
    for (const text of reportOf(set)) warn(text);
    const F = pipeline.features.names.length;
    const alone = files.length === 1 && set.examples.length === 1;
    for (let from = 0; from < set.examples.length; from += together) {
      const some = set.examples.slice(from, from + together);
      const sequences = some.map(({ values: own }) => numberSequence(own, F));
      if (pipeline.per === 'step') {
        const answers = await pipeline.predict(sequences, { topK: 1 });
        for (const [n, { steps, segments, notes }] of answers.entries()) {
          if (notes.truncated)
            warn(t`${some[n].name}: the model read the first ${steps.length} of ${notes.steps} steps`);
          yield stepsOf(some[n], steps, segments, notes);
        }
        continue;
      }
      const answers = await pipeline.predict(sequences, { topK: values.topK });
      for (const [n, { label, scores, notes }] of answers.entries()) {
        if (notes.truncated)
          warn(t`${some[n].name}: the model read the first ${pipeline.input.maxSteps} of ${notes.steps} steps`);
        const probabilities = scores.map(rounded);
        const { name, file: from_, row } = some[n];
        yield {
          result: { file: from_, row, name, label, probability: probabilities[0].score, probabilities, ...notes },
          lines: ({ style }) =>
            alone ? scoreBars(probabilities, style) : [`${label}\t${probabilities[0].score.toFixed(3)}\t${name}`],
        };
      }
    }
  }
}

function stepsOf(
  { file, row, name }: NumberExample,
  steps: readonly { readonly label: string; readonly score: number }[],
  segments: readonly object[],
  notes: object,
): Prediction {
  const labels = steps.map(({ label }) => label);
  const confidence = steps.map(({ score }) => Number(score.toPrecision(4)));
  return {
    result: { file, row, name, segments, labels, confidence, ...notes },
    lines: ({ style, width }) => [
      name,
      ...timelineText({ predicted: labels, confidence, unit: 'steps' }, style, width),
      '',
    ],
  };
}
