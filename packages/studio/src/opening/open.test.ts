import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { type Embedding, indices, LanguageModel, type Linear, manualSeed, openRun, Random } from 'unrolled';
import type { GraphNode, GraphSpec } from 'unrolled/graph';
import { writeNetwork } from '@unrolled/convert';
import { expect, test } from 'vitest';
import { readingOf } from '../reading/open-reading.ts';
import { openGiven } from './open.ts';

test('a zip that declares more bytes than a page can hold is refused before anything is unpacked', async () => {
  const random = new Random(1);
  const noise = Uint8Array.from({ length: 600_000 }, () => random.bits());
  const zip = zipSync({ 'config.json': new Uint8Array(2), 'model.safetensors': noise }, { level: 1 });
  const view = new DataView(zip.buffer, zip.byteOffset);
  const entry = zip.findLastIndex((_, at) => at + 4 <= zip.length && view.getUint32(at, true) === 0x02014b50);
  view.setUint32(entry + 24, 2 ** 29, true); // of model.safetensors, in the directory
  const opening = openGiven({ files: [{ path: 'run.zip', file: new Blob([zip]) }] });
  await expect(opening).rejects.toThrow('run.zip: declares more than 536870912 bytes');
});

const folder = fileURLToPath(new URL('../../../../test/fixtures/runs/', import.meta.url));

test.each(['tag-spelled', 'vqa-map', 'series-step', 'translate-plain'])(
  'all that a run needs is kept of it: %s',
  async (name) => {
    const paths = readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const files = paths.map((path) => ({ path: path.slice(folder.length), file: new Blob([readFileSync(path)]) }));
    const { files: kept, about } = await openGiven({ files });
    expect((await openRun(kept)).task).toBe(about.task);
  },
);

test('a network that continues texts of any length, and is none of the library’s own, reads texts as they are', async () => {
  const [letters, E, H] = ['abcd', 3, 5];
  const V = letters.length;
  manualSeed(4);
  const model = new LanguageModel(V, { cell: 'lstm', hiddenSize: H, embeddingDim: E, numLayers: 1 }).eval();
  const node = (layer: string, op: string, from: string, to: string, attributes: object = {}): GraphNode => ({ name: layer, op, layer, inputs: [from], outputs: [to], attributes: attributes as GraphNode['attributes'] }); // biome-ignore format: a line
  const recurrent = { cell: 'lstm', inputSize: E, hiddenSize: H, numLayers: 1, first: 0, bidirectional: false };
  const graph: GraphSpec = {
    inputs: [{ name: 'ids', element: 'int', shape: ['time', 'batch'] }],
    outputs: [{ name: 'scores', element: 'float', shape: ['time', 'batch', V] }],
    nodes: [
      node('embedding', 'Embedding', 'ids', 'x', { numEmbeddings: V, embeddingDim: E }),
      { ...node('recurrent', 'Recurrent', 'x', 'y', recurrent), inputs: ['x', null] },
      node('squashed', 'Tanh', 'y', 'z'), // no model of the library has it there
      node('decoder', 'Linear', 'z', 'logits', { inFeatures: H, outFeatures: V, bias: true }),
      node('scores', 'Identity', 'logits', 'scores'),
    ],
  };
  const none = new Map<string, never>();
  const network = { name: 'letters', graphs: new Map([['model', graph]]), weights: model.stateDict(), aliases: none, config: {}, parts: none, vectors: none }; // biome-ignore format: a line
  const { files } = await writeNetwork(network, 'onnx');
  const [[path, bytes]] = Array.from(files).filter(([name]) => name.endsWith('.onnx'));
  const vocabulary = { path: 'vocab.json', file: new Blob([JSON.stringify(Array.from(letters))]) };
  const { files: kept, about } = await openGiven({
    files: [{ path, file: new Blob([bytes as BlobPart]) }, vocabulary],
  });
  expect(about.task).toBe('text-generation');
  const text = 'abcadbca';
  const given = { own: { text, images: [] }, rows: [], images: [], vectors: [], text: '' };
  const { reading } = readingOf(await openRun(kept), given);
  const ids = Array.from(text, (letter) => letters.indexOf(letter));
  const [y] = model.recurrent.forward((model.embedding as Embedding).forward(indices(ids, [ids.length, 1])));
  const p = (model.decoder as Linear).forward(y.tanh()).softmax().dataSync();
  for (const n of ids.keys())
    for (const { symbol, probability } of reading?.next(n) ?? [])
      expect(probability).toBeCloseTo(p[n * V + letters.indexOf(symbol)], 5);
  expect(reading?.opened()).toMatchObject({ kind: 'text', symbols: Array.from(text) });
});
