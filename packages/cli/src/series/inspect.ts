// The units of a model over number sequences that it was not trained on.

import { classifyTask, SequenceClassifier, SequenceTagger, tagTask } from 'unrolled';
import { timeSeriesClassification } from 'unrolled/pipelines';
import { insidesOf, sourceToInspect } from '../examples/inspect.ts';
import { readNumberSteps } from '../inspect/read-sequences.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import type { SeriesConfig } from './config.ts';
import { readParts } from './data.ts';
import { encodeNumbers } from './encode.ts';
import type { Per } from './source.ts';
import { t } from '../language/index.ts';

export async function inspectSeries(
  saved: SavedRun<SeriesConfig>,
  { text, length }: InspectValues,
  per: Per,
): Promise<InspectSource> {
  const { model, features, labels, input } = await saved.open(timeSeriesClassification);
  const { data, training } = saved.config;
  const parts = await readParts(sourceToInspect(data, text), per);
  const encode = (examples: typeof parts.train) => encodeNumbers(examples, features, labels, input.maxSteps);
  const held = parts.validation.length > 0;
  const some = (held ? parts.validation : parts.train).slice(0, length);
  const shown = encode(some);
  const train = encode(parts.train.filter(({ labels: own }) => own.some((label) => labels.includes(label as string))));
  const { cell, numLayers, hiddenSize, bidirectional } = model.config;
  const options = { batchSize: training.batch, seed: training.seed, labelSmoothing: training.labelSmoothing };
  return insidesOf<SequenceClassifier | SequenceTagger>(saved, {
    model,
    what: t`${cell}, ${numLayers} × ${hiddenSize} units${bidirectional ? t(', both directions') : ''}`,
    make: () =>
      model instanceof SequenceTagger ? new SequenceTagger(model.config) : new SequenceClassifier(model.config),
    task: (of) =>
      of instanceof SequenceTagger
        ? tagTask(of, { train: { sequences: train.sequences, labels: train.stepClasses }, ...options })
        : classifyTask(of, { train: { sequences: train.sequences, labels: train.classes }, ...options }),
    lossUnit: t`nats per ${t(per)}`,
    reading: readNumberSteps(model, shown.sequences, {
      length,
      source: `${data.source}${held ? t(', which it was not trained on') : ''}`,
      between: ' ',
    }),
  });
}
