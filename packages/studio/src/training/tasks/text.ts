// A language model over the characters of a text.

import { LanguageModel, languageTask } from 'unrolled';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { textGenerationOf } from 'unrolled/pipelines';
import type { DatasetOf } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import { layersOf, type Prepared, seeded } from './prepared.ts';

const input = { kind: 'text-generation', tokens: 'vocabulary' } as const;
const [validationStreams, validationWindow, sampleLength] = [16, 128, 160];

/** The model of these settings over a vocabulary, its weights drawn from the seed. */
export function languageModelOf(settings: Settings, vocabularySize: number): LanguageModel {
  const { embeddingDim, dropout } = settings;
  return seeded(settings, () => new LanguageModel(vocabularySize, { ...layersOf(settings), embeddingDim, dropout }));
}

/** Training and validation streams of a text. Throws an OptionError that says what would fit for one that is too short. */
export function streamsOf(ids: Int32Array, { batch, windowLength, validation }: Settings) {
  const cut = Math.floor(ids.length * (1 - validation));
  const train = new StreamBatcher(ids.subarray(0, cut), { streams: batch, windowLength });
  const rest = ids.subarray(cut);
  if (rest.length < 2) return { train, validation: null };
  const streams = Math.max(1, Math.min(validationStreams, Math.floor(rest.length / (2 * validationWindow))));
  const length = Math.max(1, Math.min(validationWindow, Math.floor((rest.length - 1) / streams)));
  return { train, validation: new StreamBatcher(rest, { streams, windowLength: length }) };
}

export function prepareText(settings: Settings, { text }: DatasetOf<'text'>): Prepared {
  const vocabulary = Vocabulary.fromText(text);
  const ids = vocabulary.encode(text);
  const streams = streamsOf(ids, settings);
  const model = languageModelOf(settings, vocabulary.size);
  const prompt = /^\S{0,11}\s?/u.exec(text)?.[0] ?? '';
  return {
    model,
    task: languageTask(model, streams),
    examples: ids.length,
    symbols: vocabulary.size,
    pictures: [],
    parts: { task: 'text', config: model.config, input, contents: { vocabulary: vocabulary.toJSON() } },
    heldOut: () => ({
      kind: 'text',
      text: vocabulary.decode(ids.subarray(Math.floor(ids.length * (1 - settings.validation)))),
    }),
    async show() {
      let shown = prompt;
      const pipeline = textGenerationOf(model, { vocabulary, input }); // it packs the weights of now
      const options = { maxTokens: sampleLength, temperature: 0.8, seed: 1 };
      for await (const piece of pipeline.generate(prompt, options)) shown += piece.text;
      return { text: shown };
    },
  };
}
