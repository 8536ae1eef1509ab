// Text classification: sentiment, topic, language.

import { Tokenizer } from '../data/tokenizer.ts';
import { checkOptions } from '../errors.ts';
import type { SignalLike } from '../abort.ts';
import type { GraphModel } from '../graph/graph-model.ts';
import { classify, classifyEach } from '../inference/classify.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import type { TextClassificationInput } from './contract/input.ts';
import { type InputNotes, notesOf } from './notes.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import type { GraphReading } from './contract/graph-reading.ts';
import { graphProbabilities } from './graph-text.ts';
import { replayImported } from './replay.ts';
import { graphClass, isGraph, requireModel, requireReading } from './require-model.ts';
import { checkTopK, type LabelScore, ranked, textsOf } from './scores.ts';

/** Options of a classifier's `predict`. */
export interface ClassificationOptions {
  /** Number of labels in `scores`. Default: all. */
  readonly topK?: number;
  /** Batch size. Default 128. */
  readonly batchSize?: number;
  readonly signal?: SignalLike | null;
}

/** The predicted label of a text, and the most probable labels. */
export interface TextClassification extends LabelScore {
  /** Of a model of any number of labels: those with a probability of at least .5, sorted by it; else none. */
  readonly labels?: readonly string[];
  /** The most probable labels, sorted by probability. */
  readonly scores: readonly LabelScore[];
  /** Notes on the text as the model read it. */
  readonly notes: InputNotes;
}

/** Classifies texts. */
export interface TextClassificationPipeline {
  readonly task: 'text-classification';
  readonly info: RunInfo;
  readonly input: TextClassificationInput;
  readonly labels: readonly string[];
  /** A SequenceClassifier, or the graph of a model of another system. */
  readonly model: SequenceClassifier | GraphModel;
  readonly tokenizer: Tokenizer;
  /** Classifies texts; results are in their order. Texts of similar length are batched together. */
  predict(texts: string | readonly string[], options?: ClassificationOptions): Promise<TextClassification[]>;
}

const who = 'text-classification';

export async function makeTextClassification(run: OpenedRun): Promise<TextClassificationPipeline> {
  const input = run.part.input as TextClassificationInput;
  const Graph = input.graph ? await graphClass() : null;
  const model = Graph
    ? run.restore((config) => new Graph(config))
    : run.restore((config) => new SequenceClassifier(config));
  await replayImported(run, model);
  const tokenizer = Tokenizer.fromJSON(...(await run.json('tokenizer')));
  const labels = await run.texts('labels', isGraph(model) ? null : model.config.classes);
  return textClassificationOf(model, { tokenizer, labels, input }, run.info);
}

/** What a text classifier is made of besides its model. */
export type TextClassificationParts = Pick<TextClassificationPipeline, 'tokenizer' | 'labels' | 'input'>;

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function textClassificationOf(
  model: SequenceClassifier | GraphModel,
  parts: TextClassificationParts,
  info: RunInfo = unsaved,
): TextClassificationPipeline {
  requireModel(
    'textClassificationOf',
    model,
    [SequenceClassifier],
    parts,
    {
      tokenizer: 'object',
      labels: 'texts',
      input: 'object',
    },
    true,
  );
  const { tokenizer, labels, input } = parts;
  requireReading('textClassificationOf', model, input);
  const C = labels.length;
  return {
    task: 'text-classification',
    info,
    input,
    labels,
    model,
    tokenizer,
    async predict(texts, options = {}) {
      checkOptions(who, options, ['topK', 'batchSize', 'signal']);
      const list = textsOf(who, texts);
      const most = checkTopK(who, options.topK, C);
      const encoded = list.map((text) => tokenizer.encode(text));
      const sequences = encoded.map((ids) =>
        ids.length > 0 ? ids.subarray(0, input.maxTokens) : Int32Array.of(tokenizer.unknown),
      );
      const reading = { batchSize: options.batchSize, signal: options.signal };
      const p = isGraph(model)
        ? await graphProbabilities(model, input.graph as GraphReading, C, sequences, reading)
        : await (input.multiLabel ? classifyEach : classify)(model, sequences, reading);
      return list.map((_, n) => {
        const scores = ranked(labels, p, n * C, most);
        return {
          ...scores[0],
          ...(input.multiLabel ? { labels: likely(ranked(labels, p, n * C, C)) } : {}),
          scores,
          notes: notesOf(encoded[n], tokenizer.unknown, input.longestTrained, input.maxTokens),
        };
      });
    },
  };
}

function likely(scores: readonly LabelScore[]): string[] {
  return scores.filter(({ score }) => score >= 0.5).map(({ label }) => label);
}
