// Every model that the command trains is exported, in onnxruntime it gives the library's numbers, and our own reader reads it back.

import { Captioner, cellNames, type Module, Seq2Seq, SequenceClassifier, SequenceTagger, tensor } from 'unrolled';
import { vectorArray, vectorValue } from 'unrolled/graph';
import { describe, expect, test } from 'vitest';
import {
  computeInFloat64,
  exportedNetwork,
  seededInputs,
  type VectorArrays,
} from '../packages/convert/src/export/export-model.ts';
import { onnxFile } from '../packages/convert/src/formats/onnx/write.ts';
import { readModel } from '../packages/convert/src/read-model.ts';
import { writeNetwork } from '../packages/convert/src/write-model.ts';
import { changes, convolved, exportedModels, trainedTypes } from './exported-models.ts';
import { models } from './models.ts';
import { asOnnx, type Case, errorOf, type ExportedPart, onnxError, ort, vectorsOf } from './onnxruntime.ts';
import { trained } from './trained.ts';

/** Besides the certificate's: batches of 3 and 2, 5 and 4 steps. In the last one are rows of length 0. */
const cases: readonly Case[] = [
  [1, 9],
  [7, 4],
];

test('the table has every type that the command trains', () => {
  const types = Object.values(exportedModels).map(
    (make) => (make() as Module & { config: { type: string } }).config.type,
  );
  expect([...new Set(types)].toSorted()).toEqual(trainedTypes);
});

test.each(Object.keys(exportedModels))('%s: in onnxruntime, where that is installed, and read back', async (name) => {
  const model = trained(exportedModels[name]);
  const network = exportedNetwork(model);
  const stored: Float32Array[] = [];
  for (const [part, { bytes, run }] of await asOnnx(network)) {
    const read = await readModel(bytes);
    const own = read.module();
    expect(own.graph.states ?? []).toEqual(network.graphs.get(part)?.states);
    expect(own.graph.inputs).toEqual(network.graphs.get(part)?.inputs);
    for (const { data } of own.stateDict().values()) stored.push(data as Float32Array);
    for (const array of read.arrays.values()) stored.push(array.values() as Float32Array);
    for (const { inputs, outputs } of vectorsOf(model, network, part, cases)) {
      if (ort) expect(errorOf(part, outputs, await run(inputs))).toBeLessThan(1e-5);
      const given = Object.entries(inputs).map(([key, array]) => [key, vectorValue(array)] as const);
      const got = Object.entries(own.forward(Object.fromEntries(given))).map(
        ([key, v]) => [key, vectorArray(v)] as const,
      );
      expect(errorOf(part, outputs, Object.fromEntries(got))).toBeLessThan(2e-6);
    }
  }
  for (const [weight, { data }] of network.weights) {
    if (weight.endsWith('num_batches_tracked') || weight === 'baseline') continue; // of training alone
    expect([weight, isStored(Float32Array.from(data), stored)]).toEqual([weight, true]);
  }
});

describe.skipIf(!ort)('in onnxruntime (skipped where onnxruntime-node is not installed)', () => {
  test.each(cellNames)('a translator and a captioner with cell %s', async (cell) => {
    const translator = () =>
      new Seq2Seq({ sourceVocabulary: 6, targetVocabulary: 7, cell, hiddenSize: 3, numLayers: 2 });
    const captioner = () => new Captioner({ vocabularySize: 7, cell, hiddenSize: 4, encoder: null, featureSize: 3 });
    for (const make of [translator, captioner]) expect(await onnxError(trained<Module>(make), [])).toBeLessThan(1e-5);
  });

  test('rows of length 0 alone', async () => {
    const sizes = { vocabularySize: 6, classes: 3, hiddenSize: 4, numLayers: 2 };
    const emptied: (() => Module)[] = [
      () => new SequenceClassifier({ ...sizes, pooling: 'attention', bidirectional: true }),
      () => new SequenceClassifier({ ...sizes, pooling: 'max', cell: 'gru' }),
      () => new SequenceTagger({ ...sizes, cell: 'rnn' }),
      () => new Seq2Seq({ sourceVocabulary: 6, targetVocabulary: 7, hiddenSize: 4, reverseSource: true }),
    ];
    for (const make of emptied) {
      const model = trained(make);
      for (const [part, { graph, run }] of await asOnnx(exportedNetwork(model))) {
        const inputs = allEmpty(seededInputs(graph, { batch: 2, time: 3, seed: 4, states: true }));
        expect(errorOf(part, computeInFloat64(model, part, inputs), await run(inputs))).toBeLessThan(1e-5);
      }
    }
  });

  test('a translator writes what `translate` writes, with the encoder once and the decoder step by step', async () => {
    for (const decoder of ['additive', 'general', 'context', 'plain'] as const) {
      const options = { sourceVocabulary: 9, targetVocabulary: 11, hiddenSize: 8, numLayers: 2, reverseSource: true };
      const model = trained(() => new Seq2Seq({ ...options, decoder, cell: 'lstm' }), 1, 4);
      const sources = [
        [4, 5, 6, 7, 8],
        [8, 4],
        [5, 6, 5],
      ];
      const { source, sourceLengths } = model.batch(sources, sources);
      const inputs = { input: vectorArray(source), lengths: vectorArray(sourceLengths) };
      const found = await greedy(await asOnnx(exportedNetwork(model)), inputs, model.config);
      expect(found).toEqual(model.translate(sources, { beams: 1, maxLength }).map(([best]) => [...best.ids]));
      expect(new Set(found.map(String)).size).toBeGreaterThan(1);
    }
  });

  test('a captioner writes what `caption` writes', async () => {
    for (const form of ['soft', 'hard', 'inject', 'initial', 'prefix'] as const) {
      const encoder = { channels: [4, 5], inputSize: [8, 6] as const };
      const model = trained(() => new Captioner({ vocabularySize: 11, hiddenSize: 8, form, encoder }), 5, 3);
      const pixels = Float32Array.from({ length: 3 * 3 * 48 }, (_, k) => 2 * Math.sin(0.37 * k * (1 + (k % 7))));
      const images = tensor(pixels, [3, 3, 8, 6]);
      const found = await greedy(await asOnnx(exportedNetwork(model)), { images: vectorArray(images) }, model.config);
      expect(found).toEqual(model.caption(images, { beams: 1, maxLength }).map(([best]) => [...best.ids]));
    }
  });

  test('a sequence in two pieces is what it is in one, states handed on', async () => {
    for (const make of [() => convolved('mingru'), () => convolved('lstm'), changes]) {
      const { graph, run } = (await asOnnx(exportedNetwork(trained<Module>(make)))).get('model') as ExportedPart;
      const whole = seededInputs(graph, { batch: 3, time: 7, seed: 2, states: true });
      const lengths = (n: number): VectorArrays =>
        'lengths' in whole ? { lengths: { element: 'int', shape: [3], values: [n, n, n] } } : {};
      const expected = await run({ ...whole, ...lengths(7) });
      const first = await run({ ...whole, ...lengths(2), input: steps(whole.input, 0, 2) });
      const carried = Object.fromEntries((graph.states ?? []).map(({ input, output }) => [input, first[output]]));
      const second = await run({ ...carried, ...lengths(5), input: steps(whole.input, 2, 7) });
      for (const { output } of graph.states ?? []) expectClose(second[output], expected[output]);
      expectClose(first.logits, steps(expected.logits, 0, 2));
      expectClose(second.logits, steps(expected.logits, 2, 7));
    }
  });

  test('batch and time are symbolic', async () => {
    const { files } = await writeNetwork(exportedNetwork(models['translator, additive'].make()), 'onnx');
    const { InferenceSession } = ort as NonNullable<typeof ort>;
    const shapes: Record<string, unknown> = {};
    for (const part of ['encoder', 'decoder']) {
      const session = await InferenceSession.create(files.get(onnxFile('model', part)) as Uint8Array);
      for (const one of [...session.inputMetadata, ...session.outputMetadata])
        shapes[`${part} ${one.name}`] = one.isTensor && one.shape;
    }
    expect(shapes).toMatchObject({
      'encoder input': ['time', 'batch'],
      'encoder lengths': ['batch'],
      'encoder values': ['batch', 'time', 6],
      'decoder token': ['batch'],
      'decoder values': ['batch', 'time', 6],
      'decoder logits': ['batch', 7],
      'decoder hn': [2, 'batch', 4],
    });
  });
});

/** Whether the values are stored bit by bit, one after the other; of a cell with peepholes, gate by gate. */
function isStored(values: Float32Array, stored: readonly Float32Array[]): boolean {
  const among = (part: Float32Array) => stored.some((array) => contains(array, part));
  const gate = values.length / 4;
  return among(values) || (gate > 1 && [0, 1, 2, 3].every((k) => among(values.slice(k * gate, (k + 1) * gate))));
}

function contains(array: Float32Array, values: Float32Array): boolean {
  for (let at = 0; at + values.length <= array.length; at++)
    if (values.every((v, i) => Object.is(v, array[at + i]))) return true;
  return false;
}

const maxLength = 6;

/** Writes the most probable symbol after the other, as a program would that has the two files. */
async function greedy(
  parts: ReadonlyMap<string, ExportedPart>,
  given: VectorArrays,
  { start, end }: { readonly start: number; readonly end: number | null },
): Promise<number[][]> {
  const [encoder, decoder] = ['encoder', 'decoder'].map((part) => parts.get(part) as ExportedPart);
  let known: VectorArrays = { ...given, ...(await encoder.run(given)) };
  const B = Object.values(given).at(-1)?.shape[0] as number;
  const rows = Array.from({ length: B }, (): number[] => []);
  let token = new Array<number>(B).fill(start);
  const done = new Set<number>();
  for (let t = 0; t < maxLength && done.size < B; t++) {
    const inputs = { ...known, token: { element: 'int', shape: [B], values: token } as const };
    const read = decoder.graph.inputs.map(({ name }) => name).filter((name) => name in inputs);
    const outputs = await decoder.run(
      Object.fromEntries(read.map((name) => [name, inputs[name as keyof typeof inputs]])),
    );
    const V = outputs.logits.shape[1];
    token = rows.map((row, b) => {
      const scores = outputs.logits.values.slice(b * V, (b + 1) * V).map((v, k) => (k === start ? -Infinity : v));
      const best = scores.indexOf(Math.max(...scores));
      if (best === end) done.add(b);
      if (!done.has(b)) row.push(best);
      return best;
    });
    const after = (decoder.graph.states ?? []).map(({ input, output }) => [input, outputs[output]] as const);
    known = { ...known, ...Object.fromEntries(after) };
  }
  return rows;
}

const allEmpty = (inputs: VectorArrays): VectorArrays =>
  'lengths' in inputs
    ? { ...inputs, lengths: { ...inputs.lengths, values: inputs.lengths.values.map(() => 0) } }
    : inputs;

/** Steps from … to of [T, …]. */
function steps({ element, shape: [T, ...rest], values }: VectorArrays[string], from: number, to: number) {
  const width = values.length / T;
  return { element, shape: [to - from, ...rest], values: values.slice(from * width, to * width) };
}

function expectClose(got: VectorArrays[string], expected: VectorArrays[string]): void {
  expect(errorOf('pieces', { it: expected }, { it: got })).toBeLessThan(1e-5);
}
