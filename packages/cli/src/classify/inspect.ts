// A classifier, ready to be looked into: its units over texts that it was not trained on, one after the other, each read from a fresh state.

import { classifyTask, manualSeed, SequenceClassifier } from 'unrolled';
import { readSequences } from '../inspect/read-sequences.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';
import type { ClassifyConfig } from './config.ts';
import { encodeTexts, type Labeled, readLabeled } from './data.ts';
import { restoreClassifier } from './model.ts';

export async function inspectClassify(
  saved: SavedRun<ClassifyConfig>,
  { length }: InspectValues,
): Promise<InspectSource> {
  const { model, tokenizer, labels, config } = restoreClassifier(saved);
  const data = await readLabeled(config.data.read);
  const { maxLength, batch, labelSmoothing, balanced, seed } = config.training;
  const encode = (rows: readonly Labeled[]) =>
    encodeTexts(
      rows.map(({ cells }) => cells.text),
      tokenizer,
      maxLength,
    );
  const numberOf = ({ cells }: Labeled) => Math.max(0, labels.indexOf(cells.label));
  const train = { sequences: encode(data.train), labels: data.train.map(numberOf) };
  const taskOf = (of: SequenceClassifier) =>
    classifyTask(of, {
      train,
      batchSize: batch,
      seed,
      labelSmoothing,
      classWeights: balanced ? 'balanced' : null,
    });
  const shown = data.validation.length > 0 ? data.validation : data.train;
  const texts = encode(shown.slice(0, length));
  const { cell, numLayers, hiddenSize, bidirectional } = model.config;
  return {
    path: saved.path,
    step: saved.step,
    about: [
      [
        'model',
        `${cell}, ${numLayers} × ${hiddenSize} units${bidirectional ? ', both directions' : ''}, ${grouped(model.parameterCount())} parameters`,
      ],
      ['trained', `${grouped(saved.step)} steps on ${data.source}`],
    ],
    model,
    task: taskOf(model),
    fresh() {
      manualSeed(seed);
      return taskOf(new SequenceClassifier(config.model));
    },
    reading: readSequences(model, texts, (n) => Array.from(texts[n], (id) => tokenizer.token(id)), {
      length,
      source: `${data.source}${data.validation.length > 0 ? ', which it was not trained on' : ''}`,
      between: tokenizer.toJSON().unit === 'word' ? ' ' : '',
    }),
    clip: config.training.clip || null,
    metrics: saved.metrics(),
  };
}
