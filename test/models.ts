// Every model we ship, on a small batch of its own. A model listed here is checked by every suite that loops over the table.
//
// A batch is a few rows of different lengths. `loss` and `outputs` take the rows to read and how many steps of padding to put behind the
// longest of them, so that a suite can ask what padding changes (nothing) and whether a batch is its rows (it is).

import {
  Captioner,
  type CaptionerOptions,
  ConvNet,
  type ConvNetOptions,
  Forecaster,
  type ForecasterOptions,
  indices,
  LanguageModel,
  type LanguageModelOptions,
  MemoryModel,
  type MemoryModelOptions,
  type Module,
  padRows,
  Seq2Seq,
  type Seq2SeqOptions,
  SequenceClassifier,
  type SequenceClassifierOptions,
  SequenceTagger,
  type SequenceTaggerOptions,
  type Tensor,
  tensor,
  VideoClassifier,
  type VideoClassifierOptions,
  VideoTagger,
  type VideoTaggerOptions,
  VisualQA,
  type VisualQAOptions,
} from 'unrolled';

export interface ModelSample {
  /** New weights, drawn as `manualSeed` says; dropout off. */
  readonly make: () => Module;
  /** A model of the same form, from its config after it was JSON. */
  readonly remake: (config: never) => Module;
  /** How many rows the batch has. */
  readonly rows: number;
  /** Σ of the loss over these rows, a scalar. */
  readonly loss: (model: never, rows: readonly number[], padding: number) => Tensor;
  /** What the model says about each of these rows. */
  readonly outputs: (model: never, rows: readonly number[], padding: number) => number[][];
}

/** The types of one model agree; the table holds models of all kinds. */
function sample<M extends Module & { readonly config: object }>(entry: {
  readonly make: () => M;
  readonly remake: (config: M['config']) => M;
  readonly rows: number;
  readonly loss: (model: M, rows: readonly number[], padding: number) => Tensor;
  readonly outputs: (model: M, rows: readonly number[], padding: number) => number[][];
}): ModelSample {
  return entry;
}

const sentences = [
  [1, 4, 2, 3, 1],
  [2, 0],
  [3, 1, 1, 4],
];
const vocabularySize = 5;
const inputSize = 2;

/** int32 [T, B] */
function tokens(rows: readonly number[], padding: number): { input: Tensor; lengths: Int32Array } {
  const { ids, lengths, T, B } = padRows(rows.map((r) => sentences[r]));
  return { input: indices([...ids, ...new Array<number>(padding * B).fill(4)], [T + padding, B]), lengths };
}

/** float [T, B, I], with rubbish past each row's length. */
function numbers(rows: readonly number[], padding: number): { input: Tensor; lengths: Int32Array } {
  const lengths = Int32Array.from(rows, (r) => sentences[r].length);
  const [T, B] = [Math.max(0, ...lengths) + padding, rows.length];
  const values = Float64Array.from({ length: T * B * inputSize }, (_, k) => {
    const [t, b] = [Math.floor(k / (B * inputSize)), Math.floor(k / inputSize) % B];
    return t < lengths[b] ? Math.sin(1.3 * t + 2.1 * rows[b] + 0.7 * (k % inputSize)) : 1e3;
  });
  return { input: tensor(values, [T, B, inputSize]), lengths };
}

function classifier(options: Partial<SequenceClassifierOptions>, read: typeof tokens = tokens): ModelSample {
  const form = read === tokens ? { vocabularySize, embeddingDim: 3 } : { inputSize };
  const classes = [2, 0, 1];
  return sample<SequenceClassifier>({
    make: () => new SequenceClassifier({ classes: 3, hiddenSize: 3, ...form, ...options }),
    remake: (config) => new SequenceClassifier(config),
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
  const form = read === tokens ? { vocabularySize, embeddingDim: 3 } : { inputSize };
  return sample<SequenceTagger>({
    make: () => new SequenceTagger({ classes: 3, hiddenSize: 3, ...form, ...options }),
    remake: (config) => new SequenceTagger(config),
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
    const { ids, T, B } = padRows(
      rows.map((r) => sentences[r].slice(from, from + sentences[r].length - 1)),
      fill,
    );
    return indices([...ids, ...new Array<number>(padding * B).fill(fill)], [T + padding, B]);
  };
  return sample<LanguageModel>({
    make: () => new LanguageModel(vocabularySize, { hiddenSize: 3, numLayers: 1, ...options }),
    remake: ({ vocabularySize: V, ...rest }) => new LanguageModel(V, rest),
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
    remake: ({ inputSize: I, outputSize, ...rest }) => new MemoryModel(I, outputSize, rest),
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
    remake: (config) => new Seq2Seq(config),
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
    make: () =>
      new Forecaster({ channels, length, horizon, hiddenSize: 3, ...options }).standardize({
        names: ['a', 'b'],
        values: Float32Array.of(1, 2, 3, 7, 4, 1, 2, 0),
      }),
    remake: (config) => new Forecaster(config),
    rows: 3,
    loss: (model, rows) =>
      model.loss(values(rows, 0, length, channels), values(rows, length, horizon, channels), {
        known: ahead(rows),
        reduction: 'sum',
      }),
    outputs: (model, rows) => {
      const { values: said, quantiles } = model.forecast(values(rows, 0, length, channels), { known: ahead(rows) });
      return rows.map((_, b) => [...said.select(1, b).dataSync(), ...quantiles.select(1, b).dataSync()]);
    },
  });
}

/** Pictures have one size: there is no padding. The gradient is checked with the statistics of the weights, not of the batch. */
function convNet(options: ConvNetOptions): ModelSample {
  const [h, w] = [6, 5];
  const pictures = (rows: readonly number[]) => {
    const values = rows.flatMap((r) => Array.from({ length: 2 * h * w }, (_, k) => Math.sin(0.9 * k + 1.7 * r + 0.3)));
    return tensor(values, [rows.length, 2, h, w]);
  };
  return sample<ConvNet>({
    make: () => new ConvNet({ inChannels: 2, inputSize: [h, w], ...options }),
    remake: (config) => new ConvNet(config),
    rows: 3,
    loss: (model, rows) => {
      const { map, pooled } = model.forward(pictures(rows));
      return map.sub(0.2).square().sum().add(pooled.add(0.1).square().sum());
    },
    outputs: (model, rows) => {
      const { map, pooled } = model.forward(pictures(rows));
      const regions = model.regions(map);
      return rows.map((_, b) => [...regions.select(0, b).dataSync(), ...pooled.select(0, b).dataSync()]);
    },
  });
}

/** Pictures and the captions of each; `owned` gives the second picture two. Pictures have one size, captions do not. */
function captioner(options: Partial<CaptionerOptions>, owned = false): ModelSample {
  const [h, w, R, D] = [6, 5, 4, 3];
  const captions = [[4, 6], [5, 4, 6, 4], [6], [4]];
  const owners = owned ? [0, 1, 2, 1] : [0, 1, 2];
  const wave = (shape: number[], rows: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const values = rows.flatMap((r) => Array.from({ length: size }, (_, k) => Math.sin(0.9 * k + 1.7 * r + 0.3)));
    return tensor(values, [rows.length, ...shape]);
  };
  const batch = (model: Captioner, rows: readonly number[], padding: number) => {
    const seen = [...new Set(rows.map((r) => owners[r]))];
    const said = rows.map((r) => captions[r]);
    const pictures = wave(model.encoder ? [2, h, w] : [R, D], seen);
    const { input, target, ...rest } = model.batch(
      pictures,
      said,
      owned ? rows.map((r) => seen.indexOf(owners[r])) : null,
    );
    const pad = (x: Tensor, fill: number) =>
      indices(
        [...x.dataSync(), ...new Array<number>(padding * rows.length).fill(fill)],
        [x.shape[0] + padding, rows.length],
      );
    return { ...rest, input: pad(input, 3), target: pad(target, -100) };
  };
  const size = { vocabularySize: 7, hiddenSize: 3, embeddingDim: 2, attentionSize: 2 };
  return sample<Captioner>({
    make: () => new Captioner({ ...size, encoder: null, featureSize: D, ...options }),
    remake: (config) => new Captioner(config),
    rows: owners.length,
    loss: (model, rows, padding) => model.loss(batch(model, rows, padding), { reduction: 'sum' }),
    outputs: (model, rows, padding) => {
      const { logits, weights } = model.forward(batch(model, rows, padding));
      return rows.map((r, b) => {
        const steps = captions[r].length + 1;
        const looked = weights?.select(1, b).slice(0, 0, steps);
        return [...logits.select(1, b).slice(0, 0, steps).dataSync(), ...(looked?.dataSync() ?? [])];
      });
    },
  });
}

/** The sentences as questions; three about two pictures. */
function visualQA(options: Partial<VisualQAOptions>): ModelSample {
  const [h, w] = [6, 5];
  const about = [0, 1, 1];
  const pictures = (model: VisualQA) => {
    if (model.config.form === 'blind') return null;
    const shape = model.convNet ? [2, 2, h, w] : [2, 3];
    const size = shape.reduce((a, b) => a * b, 1);
    return tensor(
      Array.from({ length: size }, (_, k) => Math.sin(0.9 * k + 0.3)),
      shape,
    );
  };
  const batch = (model: VisualQA, rows: readonly number[], padding: number) => {
    const { input, lengths } = tokens(rows, padding);
    return { question: input, lengths, pictures: pictures(model), which: rows.map((r) => about[r]) };
  };
  return sample<VisualQA>({
    make: () =>
      new VisualQA({ vocabularySize, answers: 4, hiddenSize: 3, embeddingDim: 2, commonSize: 4, mlp: [3], ...options }),
    remake: (config) => new VisualQA(config),
    rows: sentences.length,
    loss: (model, rows, padding) =>
      model.loss(batch(model, rows, padding), indices(rows.map((r) => [3, 0, 2][r])), { reduction: 'sum' }),
    outputs: (model, rows, padding) => {
      const p = model.predict(batch(model, rows, padding));
      return rows.map((_, b) => [...p.select(0, b).dataSync()]);
    },
  });
}

/** Clips as long as the sentences: frames of 5 × 4 pixels with two channels, or three features, with rubbish past each clip's length. */
function film(read: VideoClassifier | VideoTagger, rows: readonly number[], padding: number) {
  const lengths = Int32Array.from(rows, (r) => sentences[r].length);
  const [T, B, I] = [Math.max(0, ...lengths) + padding, rows.length, read.inputSize];
  const values = Float64Array.from({ length: T * B * I }, (_, k) => {
    const [t, b] = [Math.floor(k / (B * I)), Math.floor(k / I) % B];
    const value = Math.sin(1.3 * t + 2.1 * rows[b] + 0.7 * (k % I));
    return t >= lengths[b] ? 1e3 : read.encoder.convNet ? 128 + 127 * value : value;
  });
  return { input: tensor(values, [T, B, I]), lengths };
}

const frames = { convNet: { inChannels: 2, inputSize: [5, 4] as const, channels: [2, 3] } };

function videoClassifier(options: Partial<VideoClassifierOptions>): ModelSample {
  return sample<VideoClassifier>({
    make: () => new VideoClassifier({ classes: 3, hiddenSize: 3, ...options }),
    remake: (config) => new VideoClassifier(config),
    rows: sentences.length,
    loss: (model, rows, padding) => {
      const { input, lengths } = film(model, rows, padding);
      return model.loss(input, indices(rows.map((r) => [2, 0, 1][r])), { lengths, reduction: 'sum' });
    },
    outputs: (model, rows, padding) => {
      const { input, lengths } = film(model, rows, padding);
      const { probabilities, weights } = model.explain(input, { lengths });
      return rows.map((_, b) => [
        ...probabilities.select(0, b).dataSync(),
        ...(weights?.select(0, b).dataSync().subarray(0, lengths[b]) ?? []),
      ]);
    },
  });
}

function videoTagger(options: Partial<VideoTaggerOptions>): ModelSample {
  return sample<VideoTagger>({
    make: () => new VideoTagger({ classes: 3, hiddenSize: 3, ...options }),
    remake: (config) => new VideoTagger(config),
    rows: sentences.length,
    loss: (model, rows, padding) => {
      const { input, lengths } = film(model, rows, padding);
      const [T, B] = input.shape;
      const target = Int32Array.from({ length: T * B }, (_, k) => (Math.floor(k / B) + rows[k % B]) % 3);
      return model.loss(input, indices(target, [T, B]), { lengths, reduction: 'sum' });
    },
    outputs: (model, rows, padding) => {
      const { input, lengths } = film(model, rows, padding);
      return model.predict(input, { lengths }).map(({ labels, scores }) => [...labels, ...scores]);
    },
  });
}

export const models: Record<string, ModelSample> = {
  'language model': languageModel({ cell: 'gru', numLayers: 2 }),
  'language model, one-hot': languageModel({ cell: 'lstm', embeddingDim: 0 }),
  'language model, tied': languageModel({ cell: 'rnn', tieWeights: true }),
  'classifier of tokens, last state': classifier({ cell: 'lstm', bidirectional: true, numLayers: 2 }),
  'classifier of tokens, mean': classifier({ cell: 'gru', pooling: 'mean', embeddingDim: 0 }),
  'classifier of tokens, max': classifier({ cell: 'rnn', pooling: 'max', bidirectional: true }),
  'classifier of tokens, attention': classifier({ cell: 'gru', pooling: 'attention', bidirectional: true }),
  'classifier of tokens, without a kernel': classifier({ cell: 'lstm-peephole', pooling: 'attention' }),
  'classifier of numbers, last state': classifier({ cell: 'gru-before' }, numbers),
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
  convolutions: convNet({ channels: [3, 4] }),
  'convolutions, residual': convNet({ channels: [3, 4], residual: true }),
  'questions, product': visualQA({ convNet: { inChannels: 2, inputSize: [6, 5], channels: [2, 3] }, numLayers: 2 }),
  'questions, product of features': visualQA({ featureSize: 3, cell: 'gru', mlp: [3, 2] }),
  'questions, recurrent, picture first': visualQA({
    form: 'recurrent',
    convNet: { inChannels: 2, inputSize: [6, 5], channels: [3] },
    summary: 'pooled',
  }),
  'questions, recurrent, picture beside every word': visualQA({
    form: 'recurrent',
    pictureAt: 'every',
    featureSize: 3,
    cell: 'rnn',
    mlp: [],
  }),
  'questions, blind': visualQA({ form: 'blind', cell: 'lstm-peephole' }),
  'film, a class': videoClassifier({ ...frames, cell: 'gru', bidirectional: true, pooling: 'attention' }),
  'film, a class from pooled maps': videoClassifier({
    ...frames,
    summary: 'pooled',
    scale: 0.1,
    cell: 'lstm',
    hiddenSize: 5,
  }),
  'film, a class from features, Keras’ head': videoClassifier({
    featureSize: 4,
    cell: 'gru',
    lowerSize: 3,
    hiddenSize: 2,
    denseSize: 4,
  }),
  'film, a class from frames and their change': videoClassifier({
    ...frames,
    change: true,
    cell: 'gru',
    pooling: 'mean',
  }),
  'film, a label a frame': videoTagger({ ...frames, cell: 'gru', bidirectional: true }),
  'film, a label a frame from features': videoTagger({ featureSize: 3, cell: 'rnn', numLayers: 2, lowerSize: 2 }),
  'tagger of tokens': tagger({ cell: 'gru', bidirectional: true, numLayers: 2 }),
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
  'translator, additive, reset before': translator({ decoder: 'additive', cell: 'gru-before', reverseSource: true }),
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
  'captioner, soft, from pictures': captioner({
    encoder: { inChannels: 2, channels: [3, 4], inputSize: [6, 5] },
    featureSize: null,
  }),
  'captioner, soft, several captions a picture': captioner({ cell: 'gru' }, true),
  'captioner, soft, linear output': captioner({ deepOutput: 'linear' }),
  'captioner, soft, plain output, no gate': captioner({ deepOutput: false, gate: false, coverage: 0 }),
  'captioner, soft, without a kernel': captioner({ cell: 'lstm-peephole' }),
  'captioner, hard, regions told apart by their place': captioner({ form: 'hard', positions: 4 }, true),
  'captioner, the picture injected at the first step': captioner({ form: 'inject', cell: 'rnn' }),
  'captioner, the picture injected at every step': captioner({ form: 'inject', injection: 'every', cell: 'gru' }, true),
  'captioner, the picture as first state': captioner({ form: 'initial' }),
  'captioner, the picture as first word': captioner({
    form: 'prefix',
    encoder: { inChannels: 2, channels: [3], inputSize: [6, 5] },
    featureSize: null,
  }),
};
