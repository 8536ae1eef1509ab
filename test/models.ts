// Every model we ship, on a small batch of its own. A model listed here is checked by every suite that loops over the table.
//
// A batch is a few rows of different lengths. `loss` and `outputs` take the rows to read and how many steps of padding to put behind the
// longest of them, so that a suite can ask what padding changes (nothing) and whether a batch is its rows (it is).

import {
  Forecaster,
  type ForecasterOptions,
  indices,
  LanguageModel,
  type LanguageModelOptions,
  MemoryModel,
  type MemoryModelOptions,
  Seq2Seq,
  type Seq2SeqOptions,
  SequenceClassifier,
  type SequenceClassifierOptions,
  SequenceTagger,
  type SequenceTaggerOptions,
  type Tensor,
  tensor,
} from 'unrolled';
import { padSequences } from 'unrolled/data';
import {
  characterSizes,
  type ModelSample,
  sample,
  sentences,
  spelledTokens,
  vocabularySize,
  inputSize,
  tokens,
  numbers,
} from './model-sample.ts';
import { imageModels } from './image-models.ts';

function classifier(options: Partial<SequenceClassifierOptions>, read: typeof tokens = tokens): ModelSample {
  const form = read === tokens ? { vocabularySize, embeddingDim: 3 } : { inputSize };
  const classes = [2, 0, 1];
  return sample<SequenceClassifier>({
    make: () => new SequenceClassifier({ classes: 3, hiddenSize: 3, ...form, ...options }),
    rows: sentences.length,
    loss: (model, rows, padding) => {
      const { input, lengths } = read(rows, padding);
      return model.loss(input, indices(rows.map((r) => classes[r])), { lengths, reduction: 'sum' });
    },
    outputs: (model, rows, padding) => {
      const { input, lengths } = read(rows, padding);
      const { probabilities, weights } = model.explain(input, { lengths });
      return rows.map((_, b) => [
        ...probabilities.select(0, b).dataSync(),
        ...(weights?.select(0, b).dataSync().subarray(0, lengths[b]) ?? []),
      ]);
    },
  });
}

function tagger(options: Partial<SequenceTaggerOptions>, read: typeof tokens = tokens): ModelSample {
  const form = read === numbers ? { inputSize } : { vocabularySize, embeddingDim: 3 };
  return sample<SequenceTagger>({
    make: () => new SequenceTagger({ classes: 3, hiddenSize: 3, ...form, ...options }),
    rows: sentences.length,
    loss: (model, rows, padding) => {
      const { input, lengths } = read(rows, padding);
      const [T, B] = input.shape;
      // A label of 2 past a row's length would be learned if it were looked at; one of −100 inside a row is not.
      const target = Int32Array.from({ length: T * B }, (_, k) => {
        const [t, r] = [Math.floor(k / B), rows[k % B]];
        return t < sentences[r].length ? [(t + r) % 3, (t * r) % 3, -100][t % 3] : 2;
      });
      return model.loss(input, indices(target, [T, B]), { lengths, reduction: 'sum' });
    },
    outputs: (model, rows, padding) => {
      const { input, lengths } = read(rows, padding);
      return model.predict(input, { lengths }).map(({ labels, scores }) => [...labels, ...scores]);
    },
  });
}

/** Reads every sentence but its last symbol, and is to say the next one at each step. */
function languageModel(options: LanguageModelOptions): ModelSample {
  const batch = (rows: readonly number[], padding: number, from: number, fill: number) => {
    const { ids, T, B } = padSequences(
      rows.map((r) => sentences[r].slice(from, from + sentences[r].length - 1)),
      fill,
    );
    return indices([...ids, ...new Array<number>(padding * B).fill(fill)], [T + padding, B]);
  };
  return sample<LanguageModel>({
    make: () => new LanguageModel(vocabularySize, { hiddenSize: 3, numLayers: 1, ...options }),
    rows: sentences.length,
    loss: (model, rows, padding) =>
      model.loss(batch(rows, padding, 0, 0), batch(rows, padding, 1, -100), null, 'sum').loss,
    outputs: (model, rows, padding) => {
      const logits = model.forward(batch(rows, padding, 0, 0))[0];
      return rows.map((r, b) => [
        ...logits
          .select(1, b)
          .slice(0, 0, sentences[r].length - 1)
          .dataSync(),
      ]);
    },
  });
}

function memoryModel(options: MemoryModelOptions, last: boolean): ModelSample {
  const say = (model: MemoryModel, rows: readonly number[], padding: number) => {
    const { input, lengths } = numbers(rows, padding);
    const options = { lengths: [...lengths] };
    return last ? model.last(input, options) : model.forward(input, options);
  };
  return sample<MemoryModel>({
    make: () => new MemoryModel(inputSize, 2, { hiddenSize: 3, ...options }),
    rows: sentences.length,
    loss: (model, rows, padding) => {
      const y = say(model, rows, padding);
      if (last) return y.sub(0.3).square().sum();
      // A step past a row's length is only the head's bias: it counts in no row.
      const counts = Array.from({ length: y.shape[0] * rows.length }, (_, k) =>
        Math.floor(k / rows.length) < sentences[rows[k % rows.length]].length ? 1 : 0,
      );
      return y
        .sub(0.3)
        .square()
        .mul(tensor(counts, [y.shape[0], rows.length, 1]))
        .sum();
    },
    outputs: (model, rows, padding) => {
      const y = say(model, rows, padding);
      return rows.map((r, b) =>
        last ? [...y.select(0, b).dataSync()] : [...y.select(1, b).slice(0, 0, sentences[r].length).dataSync()],
      );
    },
  });
}

/** Writes what another sentence says, by its symbols plus two. */
function translator(options: Partial<Seq2SeqOptions>): ModelSample {
  const written = [[4, 6], [5, 4, 6, 4], [6]];
  const batch = (model: Seq2Seq, rows: readonly number[], padding: number) => {
    const { source, sourceLengths, input, target, targets } = model.batch(
      rows.map((r) => sentences[r]),
      rows.map((r) => written[r]),
    );
    const pad = (x: Tensor, fill: number) =>
      indices(
        [...x.dataSync(), ...new Array<number>(padding * rows.length).fill(fill)],
        [x.shape[0] + padding, rows.length],
      );
    return { source: pad(source, 4), sourceLengths, input: pad(input, 3), target: pad(target, -100), targets };
  };
  return sample<Seq2Seq>({
    make: () =>
      new Seq2Seq({
        sourceVocabulary: 5,
        targetVocabulary: 7,
        hiddenSize: 3,
        embeddingDim: 2,
        attentionSize: 2,
        ...options,
      }),
    rows: sentences.length,
    loss: (model, rows, padding) => model.loss(batch(model, rows, padding), { reduction: 'sum' }),
    outputs: (model, rows, padding) => {
      const { logits, weights } = model.forward(batch(model, rows, padding));
      return rows.map((r, b) => {
        const steps = written[r].length + 1;
        const looked = weights?.select(1, b).slice(0, 0, steps).slice(1, 0, sentences[r].length);
        return [...logits.select(1, b).slice(0, 0, steps).dataSync(), ...(looked?.dataSync() ?? [])];
      });
    },
  });
}

/** Series have one length: there is no padding. */
function forecaster(options: Partial<ForecasterOptions>): ModelSample {
  const [channels, length, horizon, known] = [2, 5, 3, options.known ?? 0];
  const values = (rows: readonly number[], from: number, count: number, width: number) =>
    tensor(
      Float64Array.from({ length: count * rows.length * width }, (_, k) => {
        const [t, b] = [from + Math.floor(k / (rows.length * width)), Math.floor(k / width) % rows.length];
        return 2 + 3 * Math.sin(1.1 * t + 1.7 * rows[b] + 2.3 * (k % width));
      }),
      [count, rows.length, width],
    );
  const ahead = (rows: readonly number[]) => (known > 0 ? values(rows, 40, length + horizon, known) : null);
  return sample<Forecaster>({
    make: () => {
      const model = new Forecaster({ channels, length, horizon, hiddenSize: 3, ...options });
      if (model.config.quantiles.length > 1) model.spread = 1.3; // as calibrated
      return model.standardize({ names: ['a', 'b'], values: Float32Array.of(1, 2, 3, 7, 4, 1, 2, 0) });
    },
    rows: 3,
    loss: (model, rows) =>
      model.loss(values(rows, 0, length, channels), values(rows, length, horizon, channels), {
        known: ahead(rows),
        reduction: 'sum',
      }),
    outputs: (model, rows) => {
      const { values: predicted, quantiles } = model.forecast(values(rows, 0, length, channels), {
        known: ahead(rows),
      });
      return rows.map((_, b) => [...predicted.select(1, b).dataSync(), ...quantiles.select(1, b).dataSync()]);
    },
  });
}

export const models: Record<string, ModelSample> = {
  'language model': languageModel({ cell: 'gru', numLayers: 2 }),
  'language model, one-hot': languageModel({ cell: 'lstm', embeddingDim: 0 }),
  'language model, tied': languageModel({ cell: 'rnn', tieWeights: true }),
  'language model, adaptive softmax': languageModel({ cell: 'gru', output: 'adaptive', cutoffs: [2, 4] }),
  'language model, sampled softmax, tied': languageModel({ cell: 'gru', output: 'sampled', tieWeights: true }),
  'classifier of tokens, last state': classifier({ cell: 'lstm', bidirectional: true, numLayers: 2 }),
  'classifier of tokens, mean': classifier({ cell: 'gru', pooling: 'mean', embeddingDim: 0 }),
  'classifier of tokens, max': classifier({ cell: 'rnn', pooling: 'max', bidirectional: true }),
  'classifier of tokens, attention': classifier({ cell: 'gru', pooling: 'attention', bidirectional: true }),
  'classifier of tokens, without a kernel': classifier({ cell: 'lstm-peephole', pooling: 'attention' }),
  'classifier of numbers, last state': classifier({ cell: 'gru-reset-before' }, numbers),
  'classifier of numbers, max': classifier({ cell: 'lstm', pooling: 'max' }, numbers),
  'memory model, last step': memoryModel({ cell: 'lstm', forgetBias: 4, numLayers: 2 }, true),
  'memory model, every step': memoryModel({ cell: 'lstm', timescale: 20 }, false),
  'forecaster, direct': forecaster({ cell: 'lstm', numLayers: 2 }),
  'forecaster, recursive': forecaster({ cell: 'gru', method: 'recursive', known: 2 }),
  'forecaster of quantiles, linear and reversible': forecaster({
    cell: 'rnn',
    skip: 'linear',
    normalization: 'reversible',
    quantiles: [0.1, 0.4, 0.8, 0.9],
    known: 1,
  }),
  'forecaster of quantiles, recursive and reversible': forecaster({
    method: 'recursive',
    normalization: 'reversible',
    loss: 'quantile',
  }),
  'forecaster of each channel alone': forecaster({ perChannel: true, skip: 'linear', known: 1, quantiles: [0.2, 0.5] }),
  'forecaster of each channel alone, recursive': forecaster({ perChannel: true, method: 'recursive', known: 1 }),
  'forecaster, absolute errors, no skip': forecaster({ skip: 'none', loss: 'mae' }),
  'tagger of tokens': tagger({ cell: 'gru', bidirectional: true, numLayers: 2 }),
  'tagger of words and characters, cnn': tagger(
    { cell: 'gru', bidirectional: true, characters: { ...characterSizes, features: 'cnn' } },
    spelledTokens,
  ),
  'tagger of words and characters, lstm': tagger(
    { embeddingDim: 0, characters: { ...characterSizes, features: 'lstm' } },
    spelledTokens,
  ),
  'tagger of numbers': tagger({ cell: 'lstm', bidirectional: true }, numbers),
  'translator, plain': translator({ decoder: 'plain', cell: 'lstm', numLayers: 2, bidirectional: false }),
  'translator, plain, bridged, reversed': translator({
    decoder: 'plain',
    cell: 'lstm',
    decoderSize: 4,
    reverseSource: true,
  }),
  'translator, context': translator({ decoder: 'context', cell: 'gru', numLayers: 2 }),
  'translator, repeat, one-hot': translator({ decoder: 'repeat', cell: 'lstm', embeddingDim: 0 }),
  'translator, additive': translator({ decoder: 'additive', cell: 'gru', numLayers: 2, decoderSize: 4 }),
  'translator, additive, LSTM': translator({ decoder: 'additive', cell: 'lstm' }),
  'translator, additive, without a kernel': translator({ decoder: 'additive', cell: 'lstm-peephole' }),
  'translator, additive, reset before': translator({
    decoder: 'additive',
    cell: 'gru-reset-before',
    reverseSource: true,
  }),
  'translator, dot': translator({ decoder: 'dot', cell: 'gru', decoderSize: 6 }),
  'translator, dot, no input feeding': translator({ decoder: 'dot', cell: 'rnn', decoderSize: 6, inputFeeding: false }),
  'translator, general': translator({ decoder: 'general', cell: 'lstm', numLayers: 2 }),
  'translator, general, no input feeding': translator({ decoder: 'general', cell: 'lstm', inputFeeding: false }),
  'translator, concat': translator({ decoder: 'concat', cell: 'gru', bidirectional: false }),
  'translator, concat, no input feeding': translator({ decoder: 'concat', cell: 'gru', inputFeeding: false }),
  'translator, tied': translator({
    decoder: 'additive',
    sourceVocabulary: 7,
    shareEmbeddings: true,
    tieWeights: true,
  }),
  'translator, adaptive softmax': translator({ decoder: 'plain', output: 'adaptive', cutoffs: [3] }),
  'translator, noise-contrastive': translator({ decoder: 'additive', output: 'nce', samples: 4 }),
  ...imageModels,
};
