// ml5's charRNN: a character model of TensorFlow 1 as raw little-endian float32 files, with a manifest of names, files and shapes, and vocab.json.
//
//   embedding [V, E] → n × BasicLSTMCell, kernel [I + H, 4H] of [input; hidden], gates i j f o, forget bias 1 added → softmax_w [H, V], softmax_b [V]

import type { SavedTensor } from 'unrolled';
import { lstmGates, reorderGates, transposed } from '../../arrays/layout.ts';
import { decodeElements } from '../../arrays/element.ts';
import { StoredArray } from '../../arrays/stored-array.ts';
import { utf8 } from '../../bytes/reader.ts';
import { ConvertError, quoted } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ModelContents, NamedText } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import { type ModelFiles, requireInside } from '../../source/contained.ts';
import { parsedJson } from '../json.ts';
import { isRecord, shown } from '../keras/layer-config.ts';
import { type LayerStack, networkOfStack, type StackedLayer, summariesOfStack } from '../layer-stack.ts';

export async function read(files: ModelFiles, report: ConversionReport): Promise<ModelContents> {
  const arrays = await readManifest(files, report);
  const stack = stackOf(arrays, report);
  return {
    format: 'ml5-charrnn',
    producer: 'ml5 (tensorflow 1)',
    arrays,
    layers: summariesOfStack(stack),
    network: networkOfStack(stack),
    vocabulary: await vocabularyBeside(files, report),
    report,
  };
}

/** The vocab.json that ml5 keeps next to the manifest. */
async function vocabularyBeside(files: ModelFiles, report: ConversionReport): Promise<NamedText | null> {
  const name = 'vocab.json';
  if (!files.paths.includes(name)) return null;
  const text = utf8(await files.bytes(name, limits.jsonBytes), files.name, name);
  report.decide('vocabulary', null, name, 'it lies next to the manifest');
  return { text, source: `${files.name}: ${name}` };
}

async function readManifest(files: ModelFiles, report: ConversionReport): Promise<Map<string, StoredArray>> {
  const manifest = parsedJson(await files.bytes('manifest.json', limits.jsonBytes), files.name, 'manifest.json');
  if (!isRecord(manifest))
    throw new ConvertError(files.name, { where: 'manifest.json', expected: 'an object', got: shown(manifest) });
  const entries = Object.entries(manifest);
  if (entries.length > limits.files)
    throw new ConvertError(files.name, { expected: `at most ${limits.files} files`, got: String(entries.length) });
  const arrays = new Map<string, StoredArray>();
  for (const [name, entry] of entries) {
    const fail = (expected: string, got: unknown): never => {
      throw new ConvertError(files.name, { where: `manifest.json, ${quoted(name)}`, expected, got: shown(got) });
    };
    if (!isRecord(entry) || typeof entry.filename !== 'string' || !Array.isArray(entry.shape))
      return fail('filename and shape', entry);
    if (!/lstm_cell|embedding|softmax_/.test(name)) {
      report.skip('tensor', name, 'is no weight');
      continue;
    }
    const bytes = await files.bytes(requireInside(files.name, entry.filename));
    if (bytes.length % 4 !== 0) fail('a file of float32', `${bytes.length} bytes`);
    arrays.set(
      name,
      new StoredArray(name, 'float32', entry.shape as number[], files.name, () =>
        decodeElements('float32', bytes, files.name, name),
      ),
    );
  }
  return arrays;
}

function stackOf(arrays: ReadonlyMap<string, StoredArray>, report: ConversionReport): LayerStack {
  const find = (pattern: RegExp, axes: number): StoredArray => {
    const found = [...arrays.values()].filter(({ name }) => pattern.test(name));
    if (found.length === 1 && found[0].shape.length === axes) return found[0];
    throw new ConvertError(report.source, {
      expected: `one array of ${axes} axes with a name like ${pattern.source}`,
      got:
        found.length === 0
          ? 'none'
          : found
              .map(({ name, shape }) => `${quoted(name)} [${shape.join(', ')}]`)
              .join(', ')
              .slice(0, 200),
    });
  };
  const embedding = find(/^embedding$|\/embedding$/, 2);
  const [softmaxW, softmaxB] = [find(/softmax_w$/, 2), find(/softmax_b$/, 1)];
  const [vocabulary, width] = embedding.shape;
  const layers: StackedLayer[] = [];
  let inputSize = width;
  while ([...arrays.keys()].some((name) => name.includes(`cell_${layers.length}/`))) {
    const cell = `cell_${layers.length}/basic_lstm_cell/`;
    const kernel = find(new RegExp(`${cell}(?:kernel|weights)$`), 2);
    const bias = find(new RegExp(`${cell}(?:bias|biases)$`), 1);
    const hiddenSize = bias.shape[0] / 4;
    expectShape(kernel, [inputSize + hiddenSize, 4 * hiddenSize]);
    layers.push({ kind: 'LSTM', inputSize, hiddenSize, weights: lstmWeights(kernel, bias, inputSize, hiddenSize) });
    inputSize = hiddenSize;
  }
  if (layers.length === 0)
    throw new ConvertError(report.source, { expected: 'cells, cell_0/basic_lstm_cell/kernel …', got: 'none' });
  expectShape(softmaxW, [inputSize, vocabulary]);
  expectShape(softmaxB, [vocabulary]);
  report.decide('gate-order', null, 'i j f o to i f g o', "TensorFlow 1's BasicLSTMCell");
  report.decide(
    'biases',
    null,
    '1 is added to the bias of the forget gate',
    "BasicLSTMCell's forget_bias, which is not in the file",
  );
  const output = new Map<string, () => SavedTensor>([
    ['weight', () => ({ shape: [vocabulary, inputSize], data: transposed(softmaxW.floats(), inputSize, vocabulary) })],
    ['bias', () => softmaxB.saved()],
  ]);
  return { vocabulary, width, embedding: () => embedding.saved(), layers, output };
}

function expectShape({ name, shape, source }: StoredArray, expected: readonly number[]): void {
  if (shape.join() !== expected.join())
    throw new ConvertError(source, {
      where: quoted(name),
      expected: `[${expected.join(', ')}]`,
      got: `[${shape.join(', ')}]`,
    });
}

function lstmWeights(
  kernel: StoredArray,
  bias: StoredArray,
  I: number,
  H: number,
): ReadonlyMap<string, () => SavedTensor> {
  const { tensorflow1: from, pytorch: to } = lstmGates;
  const rows = (first: number, count: number) => (): SavedTensor => {
    const values = kernel.floats().subarray(first * 4 * H, (first + count) * 4 * H);
    return { shape: [4 * H, count], data: reorderGates(transposed(values, count, 4 * H), from, to) };
  };
  return new Map<string, () => SavedTensor>([
    ['weight_ih_l0', rows(0, I)],
    ['weight_hh_l0', rows(I, H)],
    ['bias_ih_l0', () => ({ shape: [4 * H], data: reorderGates(bias.floats(), from, to) })],
    [
      'bias_hh_l0',
      () => ({ shape: [4 * H], data: Float32Array.from({ length: 4 * H }, (_, i) => (i >= H && i < 2 * H ? 1 : 0)) }),
    ],
  ]);
}
