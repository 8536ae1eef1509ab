// Models from one object each: the type's name and the options of its class. Who needs one type alone imports its class, and bundles nothing else.

import { requireKinds } from '../checks.ts';
import { FormatError, suggest } from '../errors.ts';
import { GraphEncoder, type GraphEncoderConfig } from '../graph/graph-encoder.ts';
import { GraphModel, type GraphModelOptions } from '../graph/graph-model.ts';
import type { Module } from '../nn/module.ts';
import { Captioner } from './captioner/captioner.ts';
import { Forecaster } from './forecaster.ts';
import { isPretrained } from './image-encoder.ts';
import { LanguageModel, type LanguageModelConfig, type LanguageModelOptions } from './language-model.ts';
import { MemoryModel, type MemoryModelConfig, type MemoryModelOptions } from './memory-model.ts';
import type { ModelTypeName } from './model-type.ts';
import { Seq2Seq } from './seq2seq/seq2seq.ts';
import { SequenceClassifier } from './sequence-classifier.ts';
import { SequenceTagger } from './sequence-tagger.ts';
import { VideoClassifier } from './video/video-classifier.ts';
import { VideoTagger } from './video/video-tagger.ts';
import { VisualQA } from './visual-qa/visual-qa.ts';

const makers = {
  'language-model': (options: LanguageModelOptions & Pick<LanguageModelConfig, 'vocabularySize'>) =>
    new LanguageModel(options),
  'sequence-classifier': (options: ConstructorParameters<typeof SequenceClassifier>[0]) =>
    new SequenceClassifier(options),
  'sequence-tagger': (options: ConstructorParameters<typeof SequenceTagger>[0]) => new SequenceTagger(options),
  seq2seq: (options: ConstructorParameters<typeof Seq2Seq>[0]) => new Seq2Seq(options),
  captioner: (options: ConstructorParameters<typeof Captioner>[0]) => new Captioner(options),
  'visual-qa': (options: ConstructorParameters<typeof VisualQA>[0]) => new VisualQA(options),
  'video-classifier': (options: ConstructorParameters<typeof VideoClassifier>[0]) => new VideoClassifier(options),
  'video-tagger': (options: ConstructorParameters<typeof VideoTagger>[0]) => new VideoTagger(options),
  forecaster: (options: ConstructorParameters<typeof Forecaster>[0]) => new Forecaster(options),
  'memory-model': (options: MemoryModelOptions & Pick<MemoryModelConfig, 'inputSize' | 'outputSize'>) =>
    new MemoryModel(options),
  graph: (options: GraphModelOptions) => new GraphModel(options),
} satisfies Record<ModelTypeName, (options: never) => Module>;

/** The options of a type's class, and the type. */
export type ModelConfig<T extends ModelTypeName = ModelTypeName> = {
  [K in T]: { readonly type: K } & Parameters<(typeof makers)[K]>[0];
}[T];

/** The class of a type. */
export type ModelOf<T extends ModelTypeName> = ReturnType<(typeof makers)[T]>;

/**
 *     const model = modelOf({ type: 'sequence-classifier', vocabularySize: 800, classes: 2 });   // a SequenceClassifier
 *
 * An `input`, as config.json has it next to the type, is left out. Throws a FormatError for a type that is not known.
 */
export function modelOf<T extends ModelTypeName>(config: ModelConfig<T> & { readonly input?: unknown }): ModelOf<T> {
  requireKinds('modelOf', { config }, { config: { type: 'text' } });
  const {
    type,
    input: _,
    ...options
  } = config as unknown as { readonly type: string } & Readonly<Record<string, unknown>>;
  const make = Object.hasOwn(makers, type) ? (makers[type as T] as (options: unknown) => Module) : undefined;
  if (!make) throw new FormatError('modelOf', `type ${type} is not known; ${suggest(type, Object.keys(makers))}`);
  return make(withEncoder(options)) as ModelOf<T>;
}

/** Options with the pretrained network that they describe. */
function withEncoder(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const network = (['encoder', 'convNet'] as const).find((name) => isPretrained(options[name]));
  return network ? { ...options, [network]: new GraphEncoder(options[network] as GraphEncoderConfig) } : options;
}
