// A translator, ready to be looked into, on the pairs that it was trained on. Its encoder is what is stepped through; a decoder with attention runs
// as one piece.

import { manualSeed, Seq2Seq, type Seq2SeqConfig, translateTask } from 'unrolled';
import type { InspectSource } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';
import type { TranslateConfig } from './config.ts';
import { readTranslations } from './data.ts';
import { restoreTranslator } from './model.ts';
import { encodePairs } from './tokens.ts';

export async function inspectTranslate(saved: SavedRun<TranslateConfig>): Promise<InspectSource> {
  const { model, tokenizers, config } = restoreTranslator(saved);
  const { data, training } = config;
  const parts = await readTranslations(data.read);
  const { sources, targets } = encodePairs(parts.train, tokenizers, training.maxLength);
  const { batch, seed, labelSmoothing } = training;
  const taskOf = (of: Seq2Seq) =>
    translateTask(of, { train: { sources, targets }, batchSize: batch, seed, labelSmoothing });
  const { cell, hiddenSize, numLayers, decoder } = model.config;
  return {
    path: saved.path,
    step: saved.step,
    about: [
      [
        'model',
        `${cell}, ${numLayers} × ${hiddenSize} units, ${decoder} decoder, ${grouped(model.parameterCount())} parameters`,
      ],
      ['trained', `${grouped(saved.step)} steps on ${data.source}`],
    ],
    model,
    task: taskOf(model),
    fresh() {
      manualSeed(seed);
      return taskOf(new Seq2Seq(config.model as Seq2SeqConfig));
    },
    reading: null,
    clip: training.clip || null,
    metrics: saved.metrics(),
  };
}
