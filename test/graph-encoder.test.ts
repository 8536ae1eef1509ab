// Pretrained networks as encoders of images: where their features are found, what they are, and what the models with them learn and save.

import {
  Adam,
  Captioner,
  currentBackend,
  modelOf,
  type Module,
  ReferenceBackend,
  type Tensor,
  tensor,
  useBackend,
  VideoClassifier,
  VisualQA,
} from 'unrolled';
import { GraphEncoder, type GraphEncoderConfig } from 'unrolled/graph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readModel } from '../packages/convert/src/read-model.ts';
import { describeUnless } from './needs.ts';
import { ort } from './onnxruntime.ts';
import { smallCnn } from './small-cnn.ts';

const before = currentBackend();
beforeAll(() => useBackend(new ReferenceBackend()));
afterAll(() => useBackend(before));

const size = 16;
const inputSize = [size, size] as const;

/** Pixel values from 0 to 1, [B, 3, 16, 16]. */
function images(B: number): Tensor {
  const values = Float32Array.from({ length: B * 3 * size * size }, (_, k) => 0.5 + 0.5 * Math.sin(0.7 * k + (k % 11)));
  return tensor(values, [B, 3, size, size]);
}

const read = async (bytes: Uint8Array) => (await readModel(bytes)).module();
const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i]))) / Math.max(...Array.from(b, Math.abs));

describe('the features of a file', () => {
  test.each(['onnx', 'keras'] as const)('are its last feature map, %s', async (format) => {
    const { bytes, map } = await smallCnn({ format });
    const network = await read(bytes);
    const encoder = GraphEncoder.of(network, { inputSize });
    const { map: found, pooled } = encoder.forward(images(2));
    expect(found.shape).toEqual([2, 10, 4, 4]);
    expect(largest(found.dataSync(), map(images(2)).dataSync())).toBeLessThan(1e-6);
    expect(largest(pooled.dataSync(), found.mean([2, 3]).dataSync())).toBeLessThan(1e-6);
    expect(encoder.config).toMatchObject({ outChannels: 10, mapSize: [4, 4] });
    // The head is left out, its weights too.
    expect(encoder.config.graph.nodes.length).toBeLessThan(network.graph.nodes.length);
    expect(Object.keys(encoder.stateDict()).length).toBeLessThanOrEqual(Object.keys(network.stateDict()).length);
    expect([...encoder.stateDict().values()].some(({ shape }) => shape.includes(5))).toBe(false);
  });

  test('of a file for one image at a time are those of any number of images', async () => {
    const one = GraphEncoder.of(await read((await smallCnn({ batch: 1 })).bytes), { inputSize });
    const any = GraphEncoder.of(await read((await smallCnn()).bytes), { inputSize });
    expect(one.forward(images(3)).map.dataSync()).toEqual(any.forward(images(3)).map.dataSync());
  });

  test('are those of the layer that is named: a map, or a vector', async () => {
    const network = await read((await smallCnn()).bytes);
    const early = GraphEncoder.of(network, { inputSize, layer: 'Relu_2' });
    expect(early.forward(images(1)).map.shape).toEqual([1, 6, 8, 8]);
    const vector = GraphEncoder.of(network, { inputSize, layer: 'ReduceMean_6' });
    expect(vector.config).toMatchObject({ mapLayout: 'vector', mapSize: [1, 1], outChannels: 10 });
    const whole = GraphEncoder.of(network, { inputSize }).forward(images(2)).pooled;
    expect(largest(vector.forward(images(2)).pooled.dataSync(), whole.dataSync())).toBeLessThan(1e-6);
    expect(() => GraphEncoder.of(network, { inputSize, layer: 'relu_5' })).toThrow(
      'GraphEncoder: layer: the network has no layer relu_5; did you mean Relu_5?',
    );
  });

  test('need images of the size that the file was written for', async () => {
    const network = await read((await smallCnn()).bytes);
    expect(() => GraphEncoder.of(network, { inputSize: [32, 32] })).toThrow(
      "inputSize: the network's input images is [batch, 3, 16, 16], which images of [2, 3, 32, 32] do not fit",
    );
    expect(() => GraphEncoder.of(network, { inputSize }).forward(images(1).reshape(1, 3, 8, 32))).toThrow(
      'expected images of shape [B, 3, 16, 16], got [1, 3, 8, 32]',
    );
  });
});

describe('preprocessing', () => {
  test('subtracts the mean, divides by the deviation and orders the channels', async () => {
    const { bytes, map } = await smallCnn();
    const [mean, std] = [
      [0.1, 0.2, 0.3],
      [0.5, 0.25, 2],
    ];
    const encoder = GraphEncoder.of(await read(bytes), { inputSize, mean, std, channelOrder: 'bgr' });
    const values = images(2).dataSync();
    const area = size * size;
    const prepared = Float32Array.from(values, (_, k) => {
      const [b, c] = [Math.floor(k / (3 * area)), Math.floor(k / area) % 3];
      const from = 2 - c; // red is last
      return (values[(b * 3 + from) * area + (k % area)] - mean[from]) / std[from];
    });
    const expected = map(tensor(prepared, [2, 3, size, size]));
    expect(largest(encoder.forward(images(2)).map.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
  });

  test('that makes no sense is refused', async () => {
    const network = await read((await smallCnn()).bytes);
    const refuse = (options: object, text: string) =>
      expect(() => GraphEncoder.of(network, { inputSize, ...options })).toThrow(text);
    refuse({ std: [1, 0, 1] }, 'std: expected three numbers above 0');
    refuse({ mean: [1] }, 'mean: expected three numbers, for red, green and blue');
    refuse({ mean: [1, Number.NaN, 0] }, 'mean');
    refuse({ channelOrder: 'gbr' }, 'channelOrder');
    refuse({ layout: 'nchw' }, 'layout');
    refuse({ trained: 1 }, 'trained');
  });
});

describeUnless(ort ? null : 'needs onnxruntime-node', 'in onnxruntime', () => {
  test('the features are the same to 1e-5, images prepared as for ImageNet', async () => {
    const { bytes } = await smallCnn({ shown: true, channels: [8, 16, 24], size: 32 });
    const [mean, std] = [
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ];
    const encoder = GraphEncoder.of(await read(bytes), { inputSize: [32, 32], mean, std });
    const pixels = Float32Array.from({ length: 3 * 3 * 1024 }, (_, k) => 0.5 + 0.5 * Math.sin(0.3 * k));
    const { InferenceSession, Tensor: OrtTensor } = ort as NonNullable<typeof ort>;
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const prepared = Float32Array.from(pixels, (v, k) => {
      const c = Math.floor(k / 1024) % 3;
      return (v - mean[c]) / std[c];
    });
    const found = await session.run({ images: new OrtTensor('float32', prepared, [3, 3, 32, 32]) });
    const own = encoder.forward(tensor(pixels, [3, 3, 32, 32])).map.dataSync();
    expect(largest(own, found.features.data as Float32Array)).toBeLessThan(1e-5);
  });
});

describe('models with a pretrained encoder', () => {
  const encoderOf = async (trained = false) =>
    GraphEncoder.of(await read((await smallCnn()).bytes), { inputSize, trained });
  const made = {
    captioner: (encoder: GraphEncoder) => new Captioner({ vocabularySize: 7, encoder, hiddenSize: 4 }),
    'visual-qa': (convNet: GraphEncoder) => new VisualQA({ vocabularySize: 7, answers: 3, convNet, hiddenSize: 4 }),
    'video-classifier': (convNet: GraphEncoder) => new VideoClassifier({ convNet, classes: 2, hiddenSize: 4 }),
  };
  const frames = () => images(4).permute(0, 2, 3, 1).reshape(2, 2, -1).mul(255);
  const question = () => tensor([4, 5, 4, 6], [2, 2], { dtype: 'int32' });
  /** What a model makes of two images, or two clips. */
  const scores = (model: Module): Tensor => {
    if (model instanceof Captioner) return model.forward(model.batch(images(2), [[4], [5]])).logits;
    if (model instanceof VisualQA) return model.forward({ images: images(2), question: question() });
    return (model as VideoClassifier).forward(frames())[0];
  };
  const kinds = Object.keys(made) as (keyof typeof made)[];

  test.each(kinds)('%s: a step moves a fine-tuned network, and a frozen one has nothing to move', async (kind) => {
    for (const trained of [false, true]) {
      const model = made[kind](await encoderOf(trained)).train();
      const [, encoder] = [...model.children()].flatMap(([name, child]) =>
        child instanceof GraphEncoder ? [name, child] : [...child.children()].flat(),
      ) as [string, GraphEncoder];
      const weights = () => [...encoder.stateDict().values()].map(({ data }) => Array.from(data));
      const [all, first] = [model.parameters().length, weights()];
      expect(model.parameters().filter((p) => encoder.network.parameters().includes(p)).length > 0).toBe(trained);
      const optimizer = new Adam(model.parameters(), { lr: 0.1 });
      scores(model).square().sum().backward();
      optimizer.step();
      const after = weights();
      expect(after.some((values, k) => values.some((v, i) => v !== first[k][i]))).toBe(trained);
      expect(all).toBeGreaterThan(0);
      // What batch norms measured stays what it is.
      const statistics = [...encoder.network.namedBuffers()].map(([name]) => `network.${name}`);
      const [was, is] = [first, after].map(
        (values) => new Map([...encoder.stateDict().keys()].map((name, k) => [name, values[k]])),
      );
      for (const name of statistics) expect(is.get(name)).toEqual(was.get(name));
    }
  });

  test.each(kinds)('%s: a configuration makes it again, with its weights', async (kind) => {
    const model = made[kind](await encoderOf()).eval();
    const config = JSON.parse(JSON.stringify((model as unknown as { config: object }).config)) as never;
    const again = modelOf(config).loadStateDict(model.stateDict()).eval();
    expect(scores(again).dataSync()).toEqual(scores(model).dataSync());
    expect(() => new (model.constructor as new (options: object) => Module)(config)).toThrow(
      'describes a pretrained network; give the network itself, new GraphEncoder(options) of unrolled/graph',
    );
  });

  test('features that were kept stand for the images', async () => {
    const encoder = await encoderOf();
    const { map, pooled } = encoder.forward(images(2));
    const captioner = made.captioner(encoder).eval();
    const logits = (seen: Tensor, model = captioner) => model.forward(model.batch(seen, [[4], [5]])).logits.dataSync();
    expect(logits(encoder.regions(map))).toEqual(logits(images(2)));
    const prefix = new Captioner({ vocabularySize: 7, encoder, hiddenSize: 4, form: 'prefix' }).eval();
    expect(logits(pooled, prefix)).toEqual(logits(images(2), prefix));
    expect(() => logits(map.flatten(2))).toThrow('or what the encoder made of them, [P, 16, 10] or [P, 10]');
    const vqa = made['visual-qa'](encoder).eval();
    const answer = (seen: Tensor) => vqa.forward({ images: seen, question: question() }).dataSync();
    expect(answer(map.flatten(1))).toEqual(answer(images(2)));
    const video = made['video-classifier'](encoder).eval();
    const whole = video.forward(frames())[0].dataSync();
    const clip = encoder.forward(images(4)).map.reshape(2, 2, -1);
    video.encoder.readsFeatures = true;
    expect(video.inputSize).toBe(160);
    expect(largest(video.forward(clip)[0].dataSync(), whole)).toBeLessThan(1e-5);
  });

  test('a configuration that lies about its graph is refused, at the latest when it runs', async () => {
    const { config } = await encoderOf();
    const make = (change: Partial<GraphEncoderConfig>) => () =>
      new GraphEncoder({ ...config, ...change } as GraphEncoderConfig).forward(images(1));
    expect(make({ outChannels: 11 })).toThrow('expected features of shape [1, 11, 4, 4], got [1, 10, 4, 4]');
    expect(make({ mapLayout: 'vector' })).toThrow('expected features of shape [1, 10], got');
    expect(make({ outChannels: -1 })).toThrow('outChannels');
    expect(make({ mapSize: [4] as never })).toThrow('mapSize');
    expect(make({ inChannels: 4 })).toThrow('inChannels: expected 3, got 4');
    expect(make({ graph: { ...config.graph, nodes: [{ ...config.graph.nodes[0], op: 'Shell' }] } })).toThrow('Shell');
    expect(make({ graph: { ...config.graph, outputs: [] } })).toThrow('one input, which is images, and one output');
    expect(make({ graph: 'file:///etc/passwd' as never })).toThrow('graph');
  });
});
