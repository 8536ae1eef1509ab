import { Linear, Module } from 'unrolled';
import { expect, test } from 'vitest';
import { exportModel } from './export-model.ts';

test('a module of one’s own is refused, and what writes its weights is named', async () => {
  class Own extends Module {
    readonly fc = new Linear(2, 3);
  }
  await expect(exportModel(new Own() as never, 'onnx')).rejects.toThrow(
    /^exportModel: model: expected one of the models of the library, .* got Own; the weights .* writeSafetensors/,
  );
});
