// A tagger, ready to be looked into: its units over rows that it was not trained on.

import { manualSeed, SequenceTagger, tagTask } from 'unrolled';
import { readSequences } from '../inspect/read-sequences.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';
import type { TagConfig } from './config.ts';
import { readTagged } from './data.ts';
import { encodeTagged } from './encode.ts';
import { restoreTagger } from './model.ts';

export async function inspectTag(saved: SavedRun<TagConfig>, { length }: InspectValues): Promise<InspectSource> {
  const { model, vocabulary, tags, config } = restoreTagger(saved);
  const { data, training } = config;
  const parts = await readTagged(data.read);
  const train = encodeTagged(parts.train, vocabulary, tags, training);
  const held = parts.validation.length > 0;
  const shown = encodeTagged((held ? parts.validation : parts.train).slice(0, length), vocabulary, tags, training);
  const taskOf = (of: SequenceTagger) =>
    tagTask(of, { train, batchSize: training.batch, seed: training.seed, labelSmoothing: training.labelSmoothing });
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
      manualSeed(training.seed);
      return taskOf(new SequenceTagger(config.model));
    },
    reading: readSequences(model, shown.sequences, (n) => shown.tokens[n], {
      length,
      source: `${data.source}${held ? ', which it was not trained on' : ''}`,
      between: data.characters ? '' : ' ',
    }),
    clip: training.clip || null,
    metrics: saved.metrics(),
  };
}
