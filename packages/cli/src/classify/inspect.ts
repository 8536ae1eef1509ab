// A classifier, ready to be looked into: its units over texts that it was not trained on, one after the other, each read from a fresh state.

import {
  classifyTask,
  manualSeed,
  SequenceClassifier,
  type SequenceClassifierConfig,
  TraceRecorder,
  indices,
} from 'unrolled';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';
import { encodeTexts, type Labelled, readLabelled } from './data.ts';
import { restoreClassifier } from './model.ts';

export async function inspectClassify(saved: SavedRun, { length }: InspectValues): Promise<InspectSource> {
  const { model, tokenizer, labels, config } = restoreClassifier(saved);
  const data = await readLabelled(config.data.read);
  const { maxLength, batch, labelSmoothing, balanced, seed } = config.training;
  const encode = (rows: readonly Labelled[]) =>
    encodeTexts(
      rows.map(({ cells }) => cells.text),
      tokenizer,
      maxLength,
    );
  const numberOf = ({ cells }: Labelled) => Math.max(0, labels.indexOf(cells.label));
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
  const texts: Int32Array[] = [];
  let total = 0;
  for (const ids of encode(shown)) {
    if (total >= length) break;
    texts.push(ids);
    total += ids.length + 1;
  }
  const separator = '\n';
  const recorder = new TraceRecorder(model, total);
  const symbols: string[] = [];
  for (const ids of texts) {
    recorder.watch(symbols.length, () => model.forward(indices(ids, [ids.length, 1])));
    symbols.push(...Array.from(ids, (id) => tokenizer.token(id)), separator);
  }
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
      return taskOf(new SequenceClassifier(config.model as SequenceClassifierConfig));
    },
    reading: {
      source: `${data.source}${data.validation.length > 0 ? ', which it was not trained on' : ''}`,
      symbols,
      between: tokenizer.toJSON().unit === 'word' ? ' ' : '',
      trace: recorder.trace(),
      language: null,
    },
    clip: config.training.clip || null,
    metrics: saved.metrics(),
  };
}
