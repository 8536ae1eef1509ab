// The models that read images and video: see ./models.ts.

import {
  Captioner,
  type CaptionerOptions,
  ConvNet,
  type ConvNetOptions,
  indices,
  type Tensor,
  tensor,
  VideoClassifier,
  type VideoClassifierOptions,
  VideoTagger,
  type VideoTaggerOptions,
  VisualQA,
  type VisualQAOptions,
} from 'unrolled';
import { type ModelSample, sample, sentences, vocabularySize, tokens } from './model-sample.ts';

function convNet(options: ConvNetOptions): ModelSample {
  const [h, w] = [6, 5];
  const images = (rows: readonly number[]) => {
    const values = rows.flatMap((r) => Array.from({ length: 2 * h * w }, (_, k) => Math.sin(0.9 * k + 1.7 * r + 0.3)));
    return tensor(values, [rows.length, 2, h, w]);
  };
  return sample<ConvNet>({
    make: () => new ConvNet({ inChannels: 2, inputSize: [h, w], ...options }),
    remake: (config) => new ConvNet(config),
    rows: 3,
    loss: (model, rows) => {
      const { map, pooled } = model.forward(images(rows));
      return map.sub(0.2).square().sum().add(pooled.add(0.1).square().sum());
    },
    outputs: (model, rows) => {
      const { map, pooled } = model.forward(images(rows));
      const regions = model.regions(map);
      return rows.map((_, b) => [...regions.select(0, b).dataSync(), ...pooled.select(0, b).dataSync()]);
    },
  });
}

/** Images and the captions of each; `owned` gives the second image two. Images have one size, captions do not. */
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
    const chosen = rows.map((r) => captions[r]);
    const images = wave(model.encoder ? [2, h, w] : [R, D], seen);
    const { input, target, ...rest } = model.batch(
      images,
      chosen,
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

/** The sentences as questions; three about two images. */
function visualQA(options: Partial<VisualQAOptions>): ModelSample {
  const [h, w] = [6, 5];
  const about = [0, 1, 1];
  const images = (model: VisualQA) => {
    if (model.config.form === 'question-only') return null;
    const shape = model.convNet ? [2, 2, h, w] : [2, 3];
    const size = shape.reduce((a, b) => a * b, 1);
    return tensor(
      Array.from({ length: size }, (_, k) => Math.sin(0.9 * k + 0.3)),
      shape,
    );
  };
  const batch = (model: VisualQA, rows: readonly number[], padding: number) => {
    const { input, lengths } = tokens(rows, padding);
    return { question: input, lengths, images: images(model), which: rows.map((r) => about[r]) };
  };
  return sample<VisualQA>({
    make: () =>
      new VisualQA({ vocabularySize, answers: 4, hiddenSize: 3, embeddingDim: 2, commonSize: 4, mlp: [3], ...options }),
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
function video(read: VideoClassifier | VideoTagger, rows: readonly number[], padding: number) {
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
    rows: sentences.length,
    loss: (model, rows, padding) => {
      const { input, lengths } = video(model, rows, padding);
      return model.loss(input, indices(rows.map((r) => [2, 0, 1][r])), { lengths, reduction: 'sum' });
    },
    outputs: (model, rows, padding) => {
      const { input, lengths } = video(model, rows, padding);
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
    rows: sentences.length,
    loss: (model, rows, padding) => {
      const { input, lengths } = video(model, rows, padding);
      const [T, B] = input.shape;
      const target = Int32Array.from({ length: T * B }, (_, k) => (Math.floor(k / B) + rows[k % B]) % 3);
      return model.loss(input, indices(target, [T, B]), { lengths, reduction: 'sum' });
    },
    outputs: (model, rows, padding) => {
      const { input, lengths } = video(model, rows, padding);
      return model.predict(input, { lengths }).map(({ labels, scores }) => [...labels, ...scores]);
    },
  });
}

/** Models that see. */
export const imageModels: Record<string, ModelSample> = {
  convolutions: convNet({ channels: [3, 4] }),
  'convolutions, residual': convNet({ channels: [3, 4], residual: true }),
  'convolutions, windows apart': convNet({ channels: [4], kernelSize: 2 }),
  'convolutions, separate pathways for shape and color': convNet({ channels: [3, 4], colorChannels: [2] }),
  'questions, product': visualQA({ convNet: { inChannels: 2, inputSize: [6, 5], channels: [2, 3] }, numLayers: 2 }),
  'questions, product of features': visualQA({ featureSize: 3, cell: 'gru', mlp: [3, 2] }),
  'questions, recurrent, image first': visualQA({
    form: 'recurrent',
    convNet: { inChannels: 2, inputSize: [6, 5], channels: [3] },
    summary: 'pooled',
  }),
  'questions, recurrent, image beside every word': visualQA({
    form: 'recurrent',
    imageAt: 'every',
    featureSize: 3,
    cell: 'rnn',
    mlp: [],
  }),
  'questions, map': visualQA({
    form: 'map',
    convNet: { inChannels: 2, inputSize: [6, 5], channels: [3] },
    maps: 2,
  }),
  'questions, map, read forward': visualQA({
    form: 'map',
    convNet: { inChannels: 2, inputSize: [6, 5], channels: [2, 3] },
    maps: 3,
    reading: 'forward',
    mlp: [],
  }),
  'questions, question only': visualQA({ form: 'question-only', cell: 'lstm-peephole' }),
  'video, a class': videoClassifier({ ...frames, cell: 'gru', bidirectional: true, pooling: 'attention' }),
  'video, a class from pooled maps': videoClassifier({
    ...frames,
    summary: 'pooled',
    scale: 0.1,
    cell: 'lstm',
    hiddenSize: 5,
  }),
  'video, a class from features, Keras’ head': videoClassifier({
    featureSize: 4,
    cell: 'gru',
    lowerSize: 3,
    hiddenSize: 2,
    denseSize: 4,
  }),
  'video, a class from frames and their change': videoClassifier({
    ...frames,
    change: true,
    cell: 'gru',
    pooling: 'mean',
  }),
  'video, a label a frame': videoTagger({ ...frames, cell: 'gru', bidirectional: true }),
  'video, a label a frame from features': videoTagger({ featureSize: 3, cell: 'rnn', numLayers: 2, lowerSize: 2 }),
  'captioner, soft, from images': captioner({
    encoder: { inChannels: 2, channels: [3, 4], inputSize: [6, 5] },
    featureSize: null,
  }),
  'captioner, soft, several captions an image': captioner({ cell: 'gru' }, true),
  'captioner, soft, linear output': captioner({ deepOutput: 'linear' }),
  'captioner, soft, plain output, no gate': captioner({ deepOutput: false, gate: false, coverage: 0 }),
  'captioner, soft, without a kernel': captioner({ cell: 'lstm-peephole' }),
  'captioner, soft, a state of two widths': captioner({ cell: 'lru' }),
  'captioner, hard, regions told apart by their place': captioner({ form: 'hard', positions: 4 }, true),
  'captioner, the image injected at the first step': captioner({ form: 'inject', cell: 'rnn' }),
  'captioner, the image injected at every step': captioner({ form: 'inject', injection: 'every', cell: 'gru' }, true),
  'captioner, the image as first state': captioner({ form: 'initial' }),
  'captioner, the image as first word': captioner({
    form: 'prefix',
    encoder: { inChannels: 2, channels: [3], inputSize: [6, 5] },
    featureSize: null,
  }),
};
