import { describe, expect, test } from 'vitest';
import { Embedding, GRU, Linear, LSTM, manualSeed, Module, randn, type Tensor } from 'unrolled';
import { writeSafetensors } from 'unrolled/io';
import { indices } from 'unrolled';
import { readModel } from '../read-model.ts';

class Classifier extends Module {
  readonly lstm = new LSTM(3, 4, { numLayers: 2, bidirectional: true });
  readonly fc = new Linear(8, 5);

  /** x [B, T, 3] → [B, 5] */
  forward(x: Tensor): Tensor {
    const [y] = this.lstm.forward(x.transpose(0, 1));
    return this.fc.forward(y.select(0, y.shape[0] - 1)).relu();
  }
}

class Words extends Module {
  readonly table = new Embedding(7, 3);
  readonly gru = new GRU(3, 4);

  /** ids [B, T] → [B, 4] */
  forward(ids: Tensor): Tensor {
    const [y] = this.gru.forward(this.table.forward(ids).transpose(0, 1));
    return y.mean(0).softmax();
  }
}

const bytesOf = (module: Module) =>
  writeSafetensors(
    new Map(Array.from(module.stateDict(), ([name, { shape, data }]) => [name, { shape, data: data as Float32Array }])),
  );

describe('a chain of layers', () => {
  test('is the network of weights alone', async () => {
    manualSeed(1);
    const model = new Classifier();
    const read = await readModel(bytesOf(model), { chain: 'lstm last fc relu' });
    expect(new Map(read.layers.map(({ name, kind, settings }) => [name, `${kind} ${settings}`]))).toEqual(
      new Map([
        ['lstm', 'LSTM 3 → 4, 2 layers, bidirectional'],
        ['fc', 'Linear 8 → 5'],
      ]),
    );
    const x = randn([2, 6, 3]);
    const { output } = read.module().forward({ input: x });
    expect((output as Tensor).dataSync()).toEqual(model.forward(x).dataSync());
  });

  test('begins with an embedding, which reads ids', async () => {
    manualSeed(2);
    const model = new Words();
    const read = await readModel(bytesOf(model), { chain: 'embedding(table) gru mean softmax' });
    const ids = indices([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const { output } = read.module().forward({ input: ids });
    expect((output as Tensor).dataSync()).toEqual(model.forward(ids).dataSync());
  });

  test.each([
    ['lstm first fc', 'model: chain, "first": expected a layer of the file or a function, one of'],
    ['lstm last relu lstm', 'model: chain, "lstm": expected a layer that reads 8 numbers, got one that reads 3'],
    ['lstm last last', 'model: chain, "last": expected a sequence, got one vector of each row'],
    ['lstm(stride=2) last fc', 'model: chain, "lstm": expected no settings, got "stride"'],
    ['', 'model: chain: expected the names of layers, as lstm last fc, got nothing'],
    ['lstm (', 'model: chain: expected names with spaces between them, at most 1000, got " ("'],
  ])('%s is an error', async (chain, message) => {
    await expect(readModel(bytesOf(new Classifier()), { chain })).rejects.toThrow(message);
  });
});
