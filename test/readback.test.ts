import { manualSeed, cellNames, LanguageModel, Seq2Seq, Captioner, SequenceTagger } from 'unrolled';
import { test, expect } from 'vitest';
import { models } from './models.ts';
import { readModel } from '../packages/convert/src/read-model.ts';
import { compareOutputs, vectorValue } from 'unrolled/graph';
import { computeHere, computeInFloat64, exportedNetwork, seededInputs } from '../packages/convert/src/export/export-model.ts';
import { writeNetwork } from '../packages/convert/src/write-model.ts';
const all: [string, () => any][] = [
  ...Object.keys(models).filter((n) => !n.startsWith('convolutions')).map((n) => [n, () => models[n].make()] as [string, () => any]),
  ...cellNames.map((cell) => [`lm ${cell}`, () => new LanguageModel(7, { cell, hiddenSize: 5, numLayers: 2, block: 'residual', convolution: 3 })] as [string, () => any]),
  ...cellNames.map((cell) => [`tag ${cell}`, () => new SequenceTagger({ inputSize: 3, classes: 2, cell, hiddenSize: 4, numLayers: 2, bidirectional: true })] as [string, () => any]),
  ...cellNames.map((cell) => [`seq2seq ${cell}`, () => new Seq2Seq({ sourceVocabulary: 7, targetVocabulary: 6, cell, hiddenSize: 5, numLayers: 2 })] as [string, () => any]),
  ...cellNames.map((cell) => [`caption ${cell}`, () => new Captioner({ vocabularySize: 7, cell, hiddenSize: 5, encoder: null, featureSize: 3 })] as [string, () => any]),
];
test.each(all)('%s', async (name, make) => {
  manualSeed(1);
  const model = make().eval();
  const network = exportedNetwork(model);
  const { files } = await writeNetwork(network, 'onnx');
  let most = 0; const found = new Set<string>(); const key = (d: any) => Array.from(d as Float32Array).join();
  for (const [part, graph] of network.graphs) {
    const read = await readModel(files.get(part === 'model' ? 'model.onnx' : `model-${part}.onnx`)!);
    const module = read.module();
    for (const [, { data }] of module.stateDict()) found.add(key(data));
    for (const [, a] of read.arrays) found.add(key(a.values()));
    for (const [batch, time] of [[1, 4], [3, 9], [7, 4]]) {
      const inputs = seededInputs(graph, { batch, time, seed: batch + time, states: true });
      const expected = computeHere(model, part, inputs);
      const got = module.forward(Object.fromEntries(Object.entries(inputs).map(([n, a]) => [n, vectorValue(a)])));
      most = Math.max(most, compareOutputs('x', expected, got).relative);
    }
  }
  const missing = [...network.weights].filter(([n, { data }]) => !n.endsWith('num_batches_tracked') && n !== 'baseline' && !found.has(key(data))).map(([n]) => n);
  console.log(name, most, missing.length ? missing.slice(0, 4) : '');
  expect(missing).toEqual([]);
  expect(most).toBeLessThan(1e-6);
});
